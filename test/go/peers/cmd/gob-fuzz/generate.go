package main

import (
	"encoding/gob"
	"fmt"
	"math/rand/v2"
	"reflect"
)

// maxDepth limits how deep types and values nest.
const maxDepth = 4

// generator makes random types and values. The same seed makes the same ones.
type generator struct {
	*rand.Rand
	// dynamic has the types that interfaces may hold.
	dynamic []reflect.Type
	// nilElements allows nil pointers where gob cannot encode them.
	nilElements bool
	// hasNaN is set when a NaN was made: JavaScript encodes it to other bytes.
	hasNaN bool
}

func newGenerator(seed uint64) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0))}
	g.dynamic = append(append(g.dynamic, predeclared...), registered...)
	for _, t := range registered {
		gob.Register(reflect.Zero(t).Interface())
	}
	// Undeclared types are registered under their spelling.
	for range 6 {
		t := g.composite(2)
		isUndeclared := t.Name() == "" && t.Kind() != reflect.Interface && t.Kind() != reflect.Pointer
		if isUndeclared && !knows(g.dynamic, t) {
			gob.Register(reflect.Zero(t).Interface())
			registered = append(registered, t)
			g.dynamic = append(g.dynamic, t)
		}
	}
	return g
}

func knows(types []reflect.Type, wanted reflect.Type) bool {
	for _, t := range types {
		if t == wanted {
			return true
		}
	}
	return false
}

// chance is true once in n times on average.
func (g *generator) chance(n int) bool { return g.IntN(n) == 0 }

func pick[T any](g *generator, items []T) T { return items[g.IntN(len(items))] }

func (g *generator) typ(depth int) reflect.Type {
	if depth <= 0 || g.chance(3) {
		return pick(g, scalars)
	}
	return g.composite(depth)
}

func (g *generator) composite(depth int) reflect.Type {
	switch g.IntN(13) {
	case 0, 1:
		return sliceOf(g.typ(depth - 1))
	case 2:
		return reflect.ArrayOf(g.IntN(4), g.typ(depth-1))
	case 3, 4:
		return reflect.MapOf(g.key(depth-1), g.typ(depth-1))
	case 5:
		return pointerTo(g.typ(depth - 1))
	case 6, 7, 8:
		return g.structure(g.IntN(6), depth-1)
	case 9:
		return anyType
	case 10, 11:
		return pick(g, declared)
	}
	return pick(g, marshalers)
}

// sliceOf spells all slices of bytes alike, as our notation does.
func sliceOf(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Uint8 {
		return reflect.TypeFor[[]byte]()
	}
	return reflect.SliceOf(t)
}

// pointerTo makes no pointers to interfaces, because our notation cannot distinguish a pointer to nil from nil, and
// none to pointers to types that encode themselves, because Go panics on two at the top.
func pointerTo(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Interface || t.Kind() == reflect.Pointer && hasOwnBytes(t.Elem()) {
		return t
	}
	return reflect.PointerTo(t)
}

var fieldNames = []string{"A", "B", "C", "ID", "Name", "X", "Y", "Ünï", "Constructor", "Long_name_with_many_letters", "V", "Z"}

func (g *generator) structure(n, depth int) reflect.Type {
	fields := make([]reflect.StructField, n)
	for i, at := range g.Perm(len(fieldNames))[:n] {
		fields[i] = reflect.StructField{Name: fieldNames[at], Type: g.typ(depth)}
	}
	return reflect.StructOf(fields)
}

// key makes the type of a map's keys. It makes no pointers, because a decoded pointer is always another one.
func (g *generator) key(depth int) reflect.Type {
	if depth <= 0 || !g.chance(4) {
		return pick(g, keyTypes)
	}
	switch g.IntN(3) {
	case 0:
		return reflect.ArrayOf(1+g.IntN(2), g.key(depth-1))
	case 1:
		n := g.IntN(3)
		fields := make([]reflect.StructField, n)
		for i := range fields {
			fields[i] = reflect.StructField{Name: fmt.Sprintf("K%d", i), Type: g.key(depth - 1)}
		}
		return reflect.StructOf(fields)
	}
	return anyType
}
