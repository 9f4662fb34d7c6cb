package peer

import (
	"encoding/hex"
	"fmt"
	"reflect"
	"time"
)

// Plain makes a value that JSON can represent: bytes become {"bytes": hex}, complex numbers {"complex": [re, im]},
// times RFC 3339, and integers beyond 2^53 strings.
func Plain(value any) any { return plain(reflect.ValueOf(value)) }

const maxSafe = 1<<53 - 1

func plain(v reflect.Value) any {
	if !v.IsValid() {
		return nil
	}
	if when, ok := v.Interface().(time.Time); ok {
		return when.Format(time.RFC3339Nano)
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return plain(v.Elem())
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return map[string]any{"bytes": hex.EncodeToString(v.Bytes())}
		}
		return list(v)
	case reflect.Array:
		return list(v)
	case reflect.Map:
		object := map[string]any{}
		for _, key := range v.MapKeys() {
			object[fmt.Sprint(key.Interface())] = plain(v.MapIndex(key))
		}
		return object
	case reflect.Struct:
		object := map[string]any{}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				object[v.Type().Field(i).Name] = plain(v.Field(i))
			}
		}
		return object
	case reflect.Complex64, reflect.Complex128:
		c := v.Complex()
		return map[string]any{"complex": []float64{real(c), imag(c)}}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if n := v.Int(); n > maxSafe || n < -maxSafe {
			return fmt.Sprint(n)
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if v.Uint() > maxSafe {
			return fmt.Sprint(v.Uint())
		}
	}
	return v.Interface()
}

func list(v reflect.Value) any {
	items := make([]any, v.Len())
	for i := range items {
		items[i] = plain(v.Index(i))
	}
	return items
}
