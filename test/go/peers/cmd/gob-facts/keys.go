package main

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"math"
	"time"
)

type named int

func init() { gob.RegisterName("main.named", named(0)) }

type pair struct{ A, B float64 }

// Maps whose keys are several in Go, and can be fewer in JavaScript.
func keys() error {
	nan := math.NaN()
	one, alsoOne := 1, 1
	zero := math.Copysign(0, -1)
	maps := map[string]any{
		"integers in interfaces":   map[any]string{int(1): "int", int64(1): "int64", uint8(1): "uint8", 1.0: "float64", named(1): "named"},
		"floats in interfaces":     map[any]string{float32(0.5): "float32", 0.5: "float64"},
		"NaN in interfaces":        map[any]string{nan: "a", math.NaN(): "b", 1.0: "c"},
		"minus zero in interfaces": map[any]string{zero: "a", float32(0): "b"},
		"texts in interfaces":      map[any]string{"\xff": "a", "\xfe": "b"},
		"different kinds":          map[any]string{"1": "string", true: "bool", 2: "int", [2]int{1, 2}: "array"},
		"NaN":                      map[float64]string{nan: "a", math.NaN(): "b"},
		"one NaN":                  map[float64]string{nan: "a", 1: "b"},
		"minus zero":               map[float64]string{zero: "a", 1: "b"},
		"near floats":              map[float64]string{0.1: "a", 0.1000000001: "b"},
		"texts":                    map[string]string{"\xff": "a", "\xfe": "b"},
		"long texts":               map[string]string{"\xff" + long: "a", "\xfe" + long: "b"},
		"one wide text":            map[string]string{"\xff": "a", "ü": "b", "x": "c"},
		"pointers":                 map[*int]string{&one: "a", &alsoOne: "b"},
		"NaN in structs":           map[pair]string{{nan, 1}: "a", {nan, 1}: "b"},
		"near times":               map[time.Time]string{time.Unix(1, 1): "a", time.Unix(1, 2): "b"},
		"proto":                    map[string]string{"__proto__": "a", "constructor": "b", "x": "c"},
	}
	gob.Register([2]int{})
	for name, of := range maps {
		var stream bytes.Buffer
		if err := gob.NewEncoder(&stream).Encode(of); err != nil {
			return err
		}
		if err := print(map[string]any{"name": name, "hex": hex.EncodeToString(stream.Bytes())}); err != nil {
			return err
		}
	}
	return nil
}

const long = "0123456789012345678901234567890123456789"
