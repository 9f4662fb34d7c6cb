package main

import (
	"encoding"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The notation of types and values in the vectors; spec/README.md explains it.

// object keeps its keys in the order they were added. encoding/json does this for structs only.
type object []pair

type pair struct {
	key   string
	value any
}

func (o object) MarshalJSON() ([]byte, error) {
	var text strings.Builder
	text.WriteString("{")
	for i, pair := range o {
		separator := ","
		if i == 0 {
			separator = ""
		}
		key, err := marshal(pair.key)
		if err != nil {
			return nil, err
		}
		value, err := marshal(pair.value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&text, "%s%s:%s", separator, key, value)
	}
	return []byte(text.String() + "}"), nil
}

// marshal is json.Marshal without the escapes for HTML.
func marshal(value any) ([]byte, error) {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return []byte(strings.TrimSuffix(text.String(), "\n")), err
}

// longRun is the number of equal bytes from which hexOf writes a repetition.
const longRun = 1024

// hexOf returns the bytes as hex. With long runs it returns an array of pieces, in which a run is
// {"repeat": hex, "times": n}.
func hexOf(data []byte) any {
	var pieces []any
	start := 0
	for i := 0; i < len(data); {
		end := i
		for end < len(data) && data[end] == data[i] {
			end++
		}
		if end-i >= longRun {
			if i > start {
				pieces = append(pieces, hex.EncodeToString(data[start:i]))
			}
			pieces = append(pieces, object{{"repeat", hex.EncodeToString(data[i : i+1])}, {"times", end - i}})
			start = end
		}
		i = end
	}
	if pieces == nil {
		return hex.EncodeToString(data)
	}
	if start < len(data) {
		pieces = append(pieces, hex.EncodeToString(data[start:]))
	}
	return pieces
}

var (
	gobEncoder    = reflect.TypeFor[gob.GobEncoder]()
	binaryEncoder = reflect.TypeFor[encoding.BinaryMarshaler]()
	timeType      = reflect.TypeFor[time.Time]()
)

// marshalerKind returns "gob" or "binary" for a marshaler type, with the method on the type or on its pointer.
func marshalerKind(t reflect.Type) string {
	pointer := reflect.PointerTo(t)
	switch {
	case t.Kind() == reflect.Interface || t.Kind() == reflect.Pointer:
		return ""
	case pointer.Implements(gobEncoder):
		return "gob"
	case pointer.Implements(binaryEncoder):
		return "binary"
	}
	return ""
}

// isSent reports whether a struct field is on the wire.
func isSent(field reflect.StructField) bool {
	t := field.Type
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return field.IsExported() && t.Kind() != reflect.Chan && t.Kind() != reflect.Func
}

// methodOnPointer reports whether only a pointer to t has the method. A zero t is then sent too.
func methodOnPointer(t reflect.Type) bool {
	return !t.Implements(gobEncoder) && !t.Implements(binaryEncoder)
}

// describeType returns the name of a predeclared type, or an object that begins with the kind. `open` are the
// declared types that contain this one: a recursive type refers to them by name.
func describeType(t reflect.Type, open ...reflect.Type) any {
	if slices.Contains(open, t) {
		return object{{"ref", t.String()}}
	}
	if t.Name() != "" {
		open = append(slices.Clone(open), t)
	}
	if kind := marshalerKind(t); kind != "" {
		described := object{{"marshaler", kind}, {"name", t.String()}}
		if methodOnPointer(t) {
			described = append(described, pair{"method", "pointer"})
		}
		// The zero value stands for a field that was left out. A promoted method may panic on it.
		_ = caught(func() error {
			described = append(described, pair{"zero", marshalBytes(reflect.Zero(t))})
			return nil
		})
		return append(described, pair{"underlying", describeUnnamed(t, open)})
	}
	described := describeUnnamed(t, open)
	if t.Kind() != reflect.Struct && t.Kind() != reflect.Interface && t.PkgPath() != "" {
		return object{{"named", t.String()}, {"type", described}}
	}
	return described
}

// describeUnnamed returns the structure of a type, without its name. Structs keep their name.
func describeUnnamed(t reflect.Type, open []reflect.Type) any {
	switch t.Kind() {
	case reflect.Pointer:
		return object{{"pointer", describeType(t.Elem(), open...)}}
	case reflect.Interface:
		return "interface"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		return object{{"slice", describeType(t.Elem(), open...)}}
	case reflect.Array:
		return object{{"array", describeType(t.Elem(), open...)}, {"length", t.Len()}}
	case reflect.Map:
		return object{{"map", []any{describeType(t.Key(), open...), describeType(t.Elem(), open...)}}}
	case reflect.Struct:
		name := ""
		if t.Name() != "" {
			name = t.String()
		}
		fields := object{}
		for i := range t.NumField() {
			if field := t.Field(i); isSent(field) {
				fields = append(fields, pair{field.Name, describeType(field.Type, open...)})
			}
		}
		return object{{"struct", name}, {"fields", fields}}
	}
	return t.Kind().String()
}

// givenNames are the names given to gob.RegisterName.
var givenNames = map[reflect.Type]string{}

// registeredName returns the name that precedes a value of the type in an interface: the import path and name
// of a declared type, or the spelling of any other type. gob does not export it, so the rule is repeated here.
func registeredName(t reflect.Type) string {
	if name, ok := givenNames[t]; ok {
		return name
	}
	if t.Name() != "" && t.PkgPath() != "" {
		return t.PkgPath() + "." + t.Name()
	}
	return t.String()
}

const maxSafe = 1<<53 - 1

func describeValue(v reflect.Value) any {
	if v.Kind() == reflect.Invalid {
		return nil
	}
	if marshalerKind(v.Type()) != "" {
		return describeMarshaler(v)
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
		return object{{"name", registeredName(t)}, {"type", describeType(t)}, {"value", describeValue(v.Elem())}}
	case reflect.Bool:
		return v.Bool()
	case reflect.Float32, reflect.Float64:
		return describeFloat(v.Float())
	case reflect.Complex64, reflect.Complex128:
		c := v.Complex()
		return object{{"complex", []any{describeFloat(real(c)), describeFloat(imag(c))}}}
	case reflect.String:
		return describeString(v.String())
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			return object{{"bytes", hexOf(v.Bytes())}}
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
		return object{{"map", entries}}
	case reflect.Struct:
		return describeStruct(v)
	}
	if v.CanInt() {
		if n := v.Int(); n > maxSafe || n < -maxSafe {
			return object{{"int", fmt.Sprint(n)}}
		}
		return v.Int()
	}
	if v.Uint() > maxSafe {
		return object{{"int", fmt.Sprint(v.Uint())}}
	}
	return v.Uint()
}

func describeStruct(v reflect.Value) any {
	fields := object{}
	for i := range v.NumField() {
		if field := v.Type().Field(i); isSent(field) {
			fields = append(fields, pair{field.Name, describeValue(v.Field(i))})
		}
	}
	return object{{"struct", fields}}
}

func describeFloat(f float64) any {
	switch {
	case math.IsNaN(f):
		return object{{"float", "NaN"}}
	case math.IsInf(f, 1):
		return object{{"float", "Infinity"}}
	case math.IsInf(f, -1):
		return object{{"float", "-Infinity"}}
	case f == 0 && math.Signbit(f):
		return object{{"float", "-0"}}
	}
	return f
}

func describeString(s string) any {
	if !utf8.ValidString(s) || len(s) >= longRun {
		return object{{"string", hexOf([]byte(s))}}
	}
	return s
}

// describeMarshaler returns the bytes that the type's own method writes. For a time it adds their meaning.
func describeMarshaler(v reflect.Value) any {
	described := object{{"marshaled", marshalBytes(v)}}
	if v.Type() == timeType {
		described = append(described, pair{"time", v.Interface().(time.Time).UTC().Format(time.RFC3339Nano)})
	}
	return described
}

func marshalBytes(v reflect.Value) string {
	addressable := reflect.New(v.Type())
	addressable.Elem().Set(v)
	var data []byte
	var err error
	if marshalerKind(v.Type()) == "gob" {
		data, err = addressable.Interface().(gob.GobEncoder).GobEncode()
	} else {
		data, err = addressable.Interface().(encoding.BinaryMarshaler).MarshalBinary()
	}
	if err != nil {
		panic(err)
	}
	return hex.EncodeToString(data)
}
