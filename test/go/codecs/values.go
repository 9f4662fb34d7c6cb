package main

import (
	"fmt"
	"math"
	"reflect"
	"time"
)

type Inner struct {
	Name  string
	Count int
}

// Everything has a field of each kind that some codec treats differently.
type Everything struct {
	Name  string
	Bool  bool
	Int   int
	Int8  int8
	Int64 int64
	Uint  uint32
	U64   uint64
	F32   float32
	F64   float64
	Bytes []byte
	Array [4]byte
	Ints  []int
	Dict  map[string]int
	ByInt map[int]string
	Inner Inner
	Some  *Inner
	None  *Inner
	Kids  []Inner
	Time  time.Time
	Dur   time.Duration
}

var samples = map[string]Everything{
	"zero": {Name: "zero", Bytes: []byte{}, Ints: []int{}, Dict: map[string]int{}, ByInt: map[int]string{}, Kids: []Inner{}},
	"small": {
		"small", true, 200, -3, -70000, 70000, 1, 1.5, -2.25, []byte("by"), [4]byte{1, 2, 3, 255},
		[]int{0, 127, 128, -32, -33, 65536}, map[string]int{"k": 9}, map[int]string{-5: "minus five"},
		Inner{"in", 1}, &Inner{"some", 2}, nil, []Inner{{"a", 1}, {"b", 2}},
		time.Date(2024, 2, 29, 12, 30, 15, 123456789, time.UTC), 90 * time.Minute,
	},
	"large": {
		"gr\u00f6\u00dfe \u2603 \U0001F600", true, math.MaxInt32, 127, math.MaxInt64, math.MaxUint32, math.MaxUint64,
		math.MaxFloat32, 1e300, make([]byte, 70000), [4]byte{}, make([]int, 70000),
		map[string]int{"__proto": 1}, map[int]string{1 << 40: "far"}, Inner{}, &Inner{}, nil, nil,
		time.Date(2500, 1, 1, 0, 0, 0, 1, time.UTC), math.MaxInt64,
	},
	"negative": {
		"negative", false, math.MinInt32, -128, math.MinInt64, 0, math.MaxInt64 + 1, -0.5, math.SmallestNonzeroFloat64,
		[]byte{0xff, 0xfe, 0}, [4]byte{}, nil, nil, nil, Inner{}, nil, nil, nil,
		time.Date(1969, 12, 31, 23, 59, 59, 999999999, time.UTC), -1,
	},
}

// differences returns the names of the fields in which two values differ. nil and empty are the same.
func differences(a, b Everything) string {
	text := ""
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := 0; i < x.NumField(); i++ {
		f, g := x.Field(i), y.Field(i)
		if same(f, g) {
			continue
		}
		text += fmt.Sprintf("%s: %.100v != %.100v; ", x.Type().Field(i).Name, f.Interface(), g.Interface())
	}
	return text
}

func same(f, g reflect.Value) bool {
	if t, ok := f.Interface().(time.Time); ok {
		return t.Equal(g.Interface().(time.Time))
	}
	if k := f.Kind(); (k == reflect.Slice || k == reflect.Map) && f.Len() == 0 {
		return g.Len() == 0
	}
	return reflect.DeepEqual(f.Interface(), g.Interface())
}
