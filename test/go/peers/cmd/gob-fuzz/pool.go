package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"time"
)

// Declared types. reflect cannot make them, and the fuzzer picks from these.

type (
	Flag    bool
	Count   int
	Level   uint8
	Celsius float64
	Label   string
	Blob    []byte
	Numbers []int16
	Table   map[string]int
	Triple  [3]int32
	Labels  []Label
)

// Structs that are recursive or embedded, or have fields that gob does not send.
type (
	Point struct{ X, Y int }
	Empty struct{}
	Tree  struct {
		V    int
		Kids []*Tree
	}
	List struct {
		V    Label
		Next *List
	}
	Dir struct {
		Name    string
		Entries map[string]*Dir
	}
	Ping struct {
		N    int8
		Pong *Pong
	}
	Pong struct {
		S     string
		Pings []Ping
	}
	Base struct {
		ID   uint32
		Name string
	}
	Embedding struct {
		Base
		ID int
	}
	EmbeddingPointer struct {
		*Base
		Z float32
	}
	// No other type has fields of these names, because Go refuses a value for a channel.
	Dropping struct {
		A      int
		b      int
		Events chan int
		D      string
		Hook   func()
	}
	Row    []Row
	Holder struct {
		V    any
		List []any
		Map  map[string]any
	}
	Outcome struct {
		Val string
		Err error
	}
	Problem struct{ Message string }
	Times   struct {
		At   time.Time
		Ptr  *time.Time
		Took time.Duration
	}
	Bigs struct {
		I *big.Int
		R *big.Rat
		F *big.Float
	}
	Nets struct {
		IP   net.IP
		Addr netip.Addr
		URL  *url.URL
		Raw  json.RawMessage
	}
	Marshaled struct {
		V  GobV
		PV *GobV
		PP *GobP
		B  BinV
		T  TextV
		I  GobInt
		U  UUID
		L  []GobV
		M  map[string]BinV
	}
)

func (p *Problem) Error() string { return p.Message }

// Types that encode themselves, by each of the methods that gob uses.
type (
	GobV   struct{ s string }
	GobP   struct{ s string }
	BinV   struct{ s string }
	TextV  struct{ S string }
	GobInt int
	UUID   [16]byte
)

func (g GobV) GobEncode() ([]byte, error)      { return []byte("v:" + g.s), nil }
func (g *GobV) GobDecode(data []byte) error    { return cut(&g.s, "v:", data) }
func (g *GobP) GobEncode() ([]byte, error)     { return []byte("p:" + g.s), nil }
func (g *GobP) GobDecode(data []byte) error    { return cut(&g.s, "p:", data) }
func (b BinV) MarshalBinary() ([]byte, error)  { return []byte("b:" + b.s), nil }
func (b *BinV) UnmarshalBinary(d []byte) error { return cut(&b.s, "b:", d) }
func (t TextV) MarshalText() ([]byte, error)   { return []byte("t:" + t.S), nil }
func (t *TextV) UnmarshalText(d []byte) error  { return cut(&t.S, "t:", d) }
func (g GobInt) GobEncode() ([]byte, error)    { return []byte(fmt.Sprint(int(g))), nil }
func (u UUID) MarshalBinary() ([]byte, error)  { return u[:], nil }

func (g *GobInt) GobDecode(data []byte) error {
	_, err := fmt.Sscan(string(data), g)
	return err
}

func (u *UUID) UnmarshalBinary(data []byte) error {
	if copy(u[:], data) != len(data) || len(data) != len(u) {
		return errors.New("a UUID has 16 bytes")
	}
	return nil
}

func cut(to *string, mark string, data []byte) error {
	rest, ok := bytes.CutPrefix(data, []byte(mark))
	if !ok {
		return fmt.Errorf("%q does not begin with %q", data, mark)
	}
	*to = string(rest)
	return nil
}

func typesOf(values ...any) []reflect.Type {
	types := make([]reflect.Type, len(values))
	for i, value := range values {
		types[i] = reflect.TypeOf(value)
	}
	return types
}

// numbers are the types for which a receiver may have another width.
var numbers = [][]reflect.Type{
	typesOf(int(0), int8(0), int16(0), int32(0), int64(0), Count(0)),
	typesOf(uint(0), uint8(0), uint16(0), uint32(0), uint64(0), uintptr(0), Level(0)),
	typesOf(float32(0), float64(0), Celsius(0)),
	typesOf(complex64(0), complex128(0)),
}

var (
	anyType = reflect.TypeFor[any]()

	scalars = append(typesOf(false, "", []byte{}, Flag(false), Label(""), Blob{}, time.Duration(0)),
		append(append(numbers[0], numbers[1]...), append(numbers[2], numbers[3]...)...)...)

	declared = typesOf(Numbers{}, Table{}, Triple{}, Labels{}, Point{}, Empty{}, Tree{}, List{}, Dir{}, Ping{}, Pong{},
		Embedding{}, EmbeddingPointer{}, Dropping{}, Row{}, Holder{}, Outcome{}, Times{}, Bigs{}, Nets{}, Marshaled{})

	// Pointers where the method is on the pointer, because a value in a map or an interface is not addressable.
	marshalers = typesOf(GobV{}, &GobV{}, &GobP{}, BinV{}, &BinV{}, TextV{}, GobInt(0), UUID{}, time.Time{}, &time.Time{},
		&big.Int{}, &big.Rat{}, &big.Float{}, netip.Addr{}, &url.URL{})

	keyTypes = typesOf(false, "", Flag(false), Label(""), Point{}, Triple{}, UUID{}, GobV{}, Count(0), Level(0), int(0), int8(0),
		int64(0), uint16(0), uint64(0), float32(0), Celsius(0), complex128(0))

	// gob itself registers the predeclared types and slices of them.
	registered = typesOf(Flag(false), Count(0), Celsius(0), Label(""), Blob{}, Numbers{}, Table{}, Triple{}, Point{}, Empty{}, Tree{},
		&List{}, &Dir{}, Embedding{}, Holder{}, &Problem{}, Times{}, Marshaled{}, GobV{}, &GobP{}, BinV{}, UUID{}, time.Time{},
		&big.Int{}, time.Duration(0), []any{}, map[string]any{}, map[string]string{}, []map[string]any{})

	predeclared = typesOf(false, int(0), int8(0), int16(0), int32(0), int64(0), uint(0), uint8(0), uint16(0), uint32(0), uint64(0),
		uintptr(0), float32(0), float64(0), complex64(0), complex128(0), "", []byte{}, []int{}, []string{}, []float64{}, []uint64{})
)
