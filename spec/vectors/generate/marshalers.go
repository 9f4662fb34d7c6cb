package main

import (
	"bytes"
	"fmt"
)

// Marshaler types. Their bytes begin with a mark that shows which method ran.
type (
	GobV   struct{ s string }
	GobP   struct{ s string }
	BinV   struct{ s string }
	TextV  struct{ S string }
	BothGB struct{ s string }
	GobInt int
	UUID   [16]byte

	ExtSlice  []Point
	ExtStruct struct {
		P  Point
		L  []string
		u  int
		Ch chan int
	}
	HasExt struct {
		A ExtStruct
		B ExtSlice
		C []ExtStruct
		Z int
	}
	GobHolder struct {
		V  GobV
		PV *GobV
		PP *GobP
		B  BinV
		T  TextV
		G  BothGB
		I  GobInt
	}
	GobPHolder struct{ P GobP }
)

func (g GobV) GobEncode() ([]byte, error)       { return []byte("v:" + g.s), nil }
func (g *GobV) GobDecode(data []byte) error     { return cut(&g.s, "v:", data) }
func (g *GobP) GobEncode() ([]byte, error)      { return []byte("p:" + g.s), nil }
func (g *GobP) GobDecode(data []byte) error     { return cut(&g.s, "p:", data) }
func (b BinV) MarshalBinary() ([]byte, error)   { return []byte("b:" + b.s), nil }
func (b *BinV) UnmarshalBinary(d []byte) error  { return cut(&b.s, "b:", d) }
func (t TextV) MarshalText() ([]byte, error)    { return []byte("t:" + t.S), nil }
func (t *TextV) UnmarshalText(d []byte) error   { return cut(&t.S, "t:", d) }
func (b BothGB) GobEncode() ([]byte, error)     { return []byte("g:" + b.s), nil }
func (b *BothGB) GobDecode(d []byte) error      { return cut(&b.s, "g:", d) }
func (b BothGB) MarshalBinary() ([]byte, error) { return []byte("b:" + b.s), nil }
func (g GobInt) GobEncode() ([]byte, error)     { return []byte{byte(g)}, nil }
func (g *GobInt) GobDecode(d []byte) error      { *g = GobInt(d[0]); return nil }
func (u UUID) MarshalBinary() ([]byte, error)   { return u[:], nil }
func (u *UUID) UnmarshalBinary(d []byte) error  { copy(u[:], d); return nil }
func (ExtSlice) GobEncode() ([]byte, error)     { return []byte("es"), nil }
func (*ExtSlice) GobDecode([]byte) error        { return nil }
func (ExtStruct) GobEncode() ([]byte, error)    { return []byte("est"), nil }
func (*ExtStruct) GobDecode([]byte) error       { return nil }

func cut(to *string, mark string, data []byte) error {
	rest, ok := bytes.CutPrefix(data, []byte(mark))
	if !ok {
		return fmt.Errorf("%q does not begin with %q", data, mark)
	}
	*to = string(rest)
	return nil
}
