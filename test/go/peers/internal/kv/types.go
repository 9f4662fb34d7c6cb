package kv

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Person is an argument with an optional field, a list and a map.
type Person struct {
	Name   string
	Age    int
	Email  *string
	Tags   []string
	Scores map[string]float64
}

// Point is a small struct for lists, maps and pointers.
type Point struct{ X, Y int }

// Link refers to itself.
type Link struct {
	Value int
	Next  *Link
}

// Everything has a field of each shape. Maps have one entry, so that the bytes are always the same.
type Everything struct {
	Bool      bool
	Int       int
	Int8      int8
	Int16     int16
	Int32     int32
	Int64     int64
	Uint      uint
	Uint8     uint8
	Uint16    uint16
	Uint32    uint32
	Uint64    uint64
	Float32   float32
	Float64   float64
	Complex   complex128
	String    string
	Bytes     []byte
	Ints      []int
	Strings   []string
	Floats    []float64
	Counts    map[string]int
	ByID      map[uint32]Point
	Matrix    [2][3]int
	Point     Point
	Pointer   *Point
	Absent    *Point
	Deep      **Point
	Points    []Point
	Pointers  []*Point
	Named     map[string]*Point
	Chain     *Link
	When      time.Time
	Took      time.Duration
	Anything  any
	Anythings []any
}

// BasicError is how plugins put an error into a reply, with a type that gob can send.
type BasicError struct{ Message string }

// Found is a reply with an error inside.
type Found struct {
	Value string
	Error *BasicError
}

// Types has a method for each shape of argument and reply. All are pure.
type Types struct{}

// Describe takes a struct and returns a string of all its fields.
func (Types) Describe(person Person, reply *string) error {
	email := "none"
	if person.Email != nil {
		email = *person.Email
	}
	*reply = fmt.Sprintf("%s is %d, email %s, tags [%s], scores %v",
		person.Name, person.Age, email, strings.Join(person.Tags, " "), person.Scores)
	return nil
}

// Reverse takes bytes and returns them in reverse.
func (Types) Reverse(data []byte, reply *[]byte) error {
	reversed := slices.Clone(data)
	slices.Reverse(reversed)
	*reply = reversed
	return nil
}

// Sample returns a struct whose every field is set; `seed` shifts the small numbers in it.
func (Types) Sample(seed int, reply *Everything) error {
	*reply = Sample(seed)
	return nil
}

// Mirror returns its argument.
func (Types) Mirror(value Everything, reply *Everything) error {
	*reply = value
	return nil
}

// CountWords returns a map.
func (Types) CountWords(text string, reply *map[string]int) error {
	*reply = map[string]int{}
	for _, word := range strings.Fields(text) {
		(*reply)[word]++
	}
	return nil
}

// Sum takes a slice and returns a 64-bit integer.
func (Types) Sum(numbers []int64, reply *int64) error {
	for _, n := range numbers {
		*reply += n
	}
	return nil
}

// Chain returns `length` links, each holding its distance from the end.
func (Types) Chain(length int, reply *Link) error {
	var next *Link
	for value := range length {
		next = &Link{Value: value, Next: next}
	}
	if next != nil {
		*reply = *next
	}
	return nil
}

// Find returns a struct with a nil error for "here", and with an error for everything else.
func (Types) Find(key string, reply *Found) error {
	if key == "here" {
		reply.Value = "found"
		return nil
	}
	reply.Error = &BasicError{Message: "nothing at " + key}
	return nil
}

// Sample is the reply of the method Sample.
func Sample(seed int) Everything {
	point := &Point{X: seed, Y: -seed}
	return Everything{
		Bool: true, Int: seed - 1, Int8: -128, Int16: -32768, Int32: -1 << 31, Int64: -1 << 63,
		Uint: uint(seed), Uint8: 255, Uint16: 65535, Uint32: 1<<32 - 1, Uint64: 1<<64 - 1,
		Float32: 0.5, Float64: 0.1, Complex: 1 - 2i,
		String: "héllo, 世界", Bytes: []byte{0, 1, 0xff},
		Ints: []int{seed, 0, -seed}, Strings: []string{"a", "", "b"}, Floats: []float64{0, 1.5, -1e300},
		Counts: map[string]int{"one": 1}, ByID: map[uint32]Point{7: *point},
		Matrix: [2][3]int{{1, 2, 3}, {4, 5, 6}},
		Point:  *point, Pointer: point, Deep: &point,
		Points: []Point{{1, 2}, {}}, Pointers: []*Point{point},
		Named: map[string]*Point{"p": point},
		Chain: &Link{Value: 1, Next: &Link{Value: 2}},
		When:  time.Date(2023, 5, 6, 7, 8, 9, 123456789, time.UTC),
		Took:  1500 * time.Millisecond,
		// Every Go program registers these types. Others would have to be registered.
		Anything: "anything", Anythings: []any{1, "x", nil, true, []byte{1}},
	}
}
