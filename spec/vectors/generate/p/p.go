// Package p has types outside of package main: behind an interface the import path is part of their
// name on the wire. That is why this module is called example.com/full.
package p

type (
	T1     struct{ A int }
	T2     struct{ A int }
	Int    int
	Str    string
	Slice  []int
	Shaper interface{ Area() float64 }
	Sq     struct{ S float64 }
)

func (s Sq) Area() float64 { return s.S * s.S }
