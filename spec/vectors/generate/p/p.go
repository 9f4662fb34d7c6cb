// Package p has types outside of package main. In an interface, the import path is part of their name on the wire.
// The module is called example.com/full for this reason.
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
