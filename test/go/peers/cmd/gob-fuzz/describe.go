package main

import (
	"encoding"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"time"
	"unicode/utf8"
)

// The notation of types and values is that of the vectors (spec/README.md), with two differences:
// "fields" is a list of pairs, and a nil map is always null.

type object = map[string]any

var (
	gobEncoder    = reflect.TypeFor[gob.GobEncoder]()
	binaryEncoder = reflect.TypeFor[encoding.BinaryMarshaler]()
)

// ownForm is "gob" or "binary" for a type that encodes itself, by a method on it or on its pointer.
func ownForm(t reflect.Type) string {
	if t.Kind() == reflect.Interface || t.Kind() == reflect.Pointer {
		return ""
	}
	switch pointer := reflect.PointerTo(t); {
	case pointer.Implements(gobEncoder):
		return "gob"
	case pointer.Implements(binaryEncoder):
		return "binary"
	}
	return ""
}

func hasOwnBytes(t reflect.Type) bool { return ownForm(t) != "" }

// isSent says whether a struct field is on the wire.
func isSent(field reflect.StructField) bool {
	kind := field.Type.Kind()
	return field.IsExported() && kind != reflect.Chan && kind != reflect.Func
}

// describeType refers by name to the declared types that contain this one.
func describeType(t reflect.Type, open ...reflect.Type) any {
	if knows(open, t) {
		return object{"ref": t.String()}
	}
	if t.Name() != "" {
		open = append(open[:len(open):len(open)], t)
	}
	if form := ownForm(t); form != "" {
		described := object{"marshaler": form, "name": t.String(), "underlying": describeUnnamed(t, open)}
		described["zero"] = ownBytes(reflect.Zero(t))
		if !t.Implements(gobEncoder) && !t.Implements(binaryEncoder) {
			described["method"] = "pointer"
		}
		return described
	}
	described := describeUnnamed(t, open)
	if t.PkgPath() != "" && t.Kind() != reflect.Struct && t.Kind() != reflect.Interface {
		return object{"named": t.String(), "type": described}
	}
	return described
}

func describeUnnamed(t reflect.Type, open []reflect.Type) any {
	switch t.Kind() {
	case reflect.Pointer:
		return object{"pointer": describeType(t.Elem(), open...)}
	case reflect.Interface:
		return "interface"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		return object{"slice": describeType(t.Elem(), open...)}
	case reflect.Array:
		return object{"array": describeType(t.Elem(), open...), "length": t.Len()}
	case reflect.Map:
		return object{"map": []any{describeType(t.Key(), open...), describeType(t.Elem(), open...)}}
	case reflect.Struct:
		name := ""
		if t.Name() != "" {
			name = t.String()
		}
		fields := []any{}
		for i := range t.NumField() {
			if f := t.Field(i); isSent(f) {
				fields = append(fields, []any{f.Name, describeType(f.Type, open...), f.Anonymous})
			}
		}
		return object{"struct": name, "fields": fields}
	}
	return t.Kind().String()
}

// registeredName is the name in front of a value of the type in an interface.
func registeredName(t reflect.Type) string {
	if t.Name() != "" && t.PkgPath() != "" {
		return t.PkgPath() + "." + t.Name()
	}
	return t.String()
}

func describeValue(v reflect.Value) any {
	if hasOwnBytes(v.Type()) {
		return object{"marshaled": ownBytes(v), "text": ownText(v)}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return describeValue(v.Elem())
	case reflect.Interface:
		if v.IsNil() {
			return nil
		}
		t := v.Elem().Type()
		return object{"name": registeredName(t), "type": describeType(t), "value": describeValue(v.Elem())}
	case reflect.Bool:
		return v.Bool()
	case reflect.String:
		if !utf8.ValidString(v.String()) {
			return object{"string": hex.EncodeToString([]byte(v.String()))}
		}
		return v.String()
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			return object{"bytes": hex.EncodeToString(v.Bytes())}
		}
		items := make([]any, v.Len())
		for i := range items {
			items[i] = describeValue(v.Index(i))
		}
		return items
	case reflect.Map:
		if v.IsNil() {
			return nil
		}
		entries := []any{}
		for _, key := range v.MapKeys() {
			entries = append(entries, []any{describeValue(key), describeValue(v.MapIndex(key))})
		}
		return object{"map": entries}
	case reflect.Struct:
		fields := object{}
		for i := range v.NumField() {
			if f := v.Type().Field(i); isSent(f) {
				fields[f.Name] = describeValue(v.Field(i))
			}
		}
		return object{"struct": fields}
	}
	return describeNumber(v)
}

const maxSafe = 1<<53 - 1

func describeNumber(v reflect.Value) any {
	switch {
	case v.CanFloat():
		return describeFloat(v.Float())
	case v.CanComplex():
		c := v.Complex()
		return object{"complex": []any{describeFloat(real(c)), describeFloat(imag(c))}}
	case v.CanInt():
		if n := v.Int(); n > maxSafe || n < -maxSafe {
			return object{"int": fmt.Sprint(n)}
		}
		return v.Int()
	}
	if v.Uint() > maxSafe {
		return object{"int": fmt.Sprint(v.Uint())}
	}
	return v.Uint()
}

func describeFloat(f float64) any {
	switch {
	case math.IsNaN(f):
		return object{"float": "NaN"}
	case math.IsInf(f, 1):
		return object{"float": "Infinity"}
	case math.IsInf(f, -1):
		return object{"float": "-Infinity"}
	case f == 0 && math.Signbit(f):
		return object{"float": "-0"}
	}
	return json.Number(fmt.Sprintf("%.17g", f))
}

func addressable(v reflect.Value) reflect.Value {
	pointer := reflect.New(v.Type())
	pointer.Elem().Set(v)
	return pointer
}

func ownBytes(v reflect.Value) string { return hex.EncodeToString(marshal(v)) }

func marshal(v reflect.Value) []byte {
	var data []byte
	var err error
	if own := addressable(v).Interface(); ownForm(v.Type()) == "gob" {
		data, err = own.(gob.GobEncoder).GobEncode()
	} else {
		data, err = own.(encoding.BinaryMarshaler).MarshalBinary()
	}
	if err != nil {
		panic(err)
	}
	return data
}

func setOwnBytes(pointer reflect.Value, data []byte) {
	var err error
	if own, ok := pointer.Interface().(gob.GobDecoder); ok {
		err = own.GobDecode(data)
	} else {
		err = pointer.Interface().(encoding.BinaryUnmarshaler).UnmarshalBinary(data)
	}
	if err != nil {
		panic(err)
	}
}

// ownText is the meaning of a value of the standard library's types.
func ownText(v reflect.Value) string {
	if at, ok := v.Interface().(time.Time); ok {
		return at.Format(time.RFC3339Nano)
	}
	if text, ok := addressable(v).Interface().(fmt.Stringer); ok {
		return text.String()
	}
	return ""
}
