package main

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"net/netip"
	"reflect"
	"time"
)

type Named struct{ X int }
type Words []string

// Types with names that the test knows.
var kinds = []struct {
	name string
	of   reflect.Type
}{
	{"bool", reflect.TypeFor[bool]()},
	{"int", reflect.TypeFor[int]()},
	{"uint", reflect.TypeFor[uint]()},
	{"float64", reflect.TypeFor[float64]()},
	{"complex128", reflect.TypeFor[complex128]()},
	{"string", reflect.TypeFor[string]()},
	{"bytes", reflect.TypeFor[[]byte]()},
	{"interface", reflect.TypeFor[any]()},
	{"Named", reflect.TypeFor[Named]()},
	{"Point", reflect.TypeFor[Point]()},
	{"[]int", reflect.TypeFor[[]int]()},
	{"[]Named", reflect.TypeFor[[]Named]()},
	{"Words", reflect.TypeFor[Words]()},
	{"[2]int", reflect.TypeFor[[2]int]()},
	{"[3]int", reflect.TypeFor[[3]int]()},
	{"map", reflect.TypeFor[map[string]int]()},
	{"Time", reflect.TypeFor[time.Time]()},
	{"Addr", reflect.TypeFor[netip.Addr]()},
}

func field(of reflect.Type) reflect.Type {
	return reflect.StructOf([]reflect.StructField{{Name: "F", Type: of}})
}

var text = reflect.TypeFor[string]()

// Where the type stands that does not fit.
var nestings = []struct {
	name string
	in   func(of reflect.Type) reflect.Type
}{
	{"top", func(of reflect.Type) reflect.Type { return of }},
	{"field", field},
	{"field of field", func(of reflect.Type) reflect.Type { return field(field(of)) }},
	{"element", reflect.SliceOf},
	{"element of element", func(of reflect.Type) reflect.Type { return reflect.SliceOf(reflect.SliceOf(of)) }},
	{"array", func(of reflect.Type) reflect.Type { return reflect.ArrayOf(1, of) }},
	{"map", func(of reflect.Type) reflect.Type { return reflect.MapOf(text, of) }},
	{"slice in field", func(of reflect.Type) reflect.Type { return field(reflect.SliceOf(of)) }},
	{"map in field", func(of reflect.Type) reflect.Type { return field(reflect.MapOf(text, of)) }},
	{"field in slice", func(of reflect.Type) reflect.Type { return reflect.SliceOf(field(of)) }},
	{"pointer in field", func(of reflect.Type) reflect.Type { return field(reflect.PointerTo(of)) }},
}

// Every kind sent to every other, in every nesting, with Go's error.
func mismatches() error {
	for _, nesting := range nestings {
		for _, sent := range kinds {
			var stream bytes.Buffer
			value := reflect.New(nesting.in(sent.of)).Elem()
			if err := gob.NewEncoder(&stream).EncodeValue(value); err != nil {
				continue // nil at the top
			}
			answers := map[string]string{}
			for _, wanted := range kinds {
				decoder := gob.NewDecoder(bytes.NewReader(stream.Bytes()))
				into := reflect.New(nesting.in(wanted.of))
				if err := decoder.DecodeValue(into); err != nil {
					answers[wanted.name] = err.Error()
				}
			}
			line := map[string]any{
				"nesting": nesting.name, "sent": sent.name, "hex": hex.EncodeToString(stream.Bytes()), "errors": answers,
			}
			if err := print(line); err != nil {
				return err
			}
		}
	}
	return nil
}
