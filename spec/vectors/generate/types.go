package main

import (
	"math/big"
	"net"
	"net/url"
	"time"

	"example.com/full/p"
)

// The names and fields of these types are part of the vectors.
type (
	Point  struct{ X, Y int }
	Point2 struct{}
	Empty  struct{}
	E      struct{}
	Unexp  struct {
		A int
		b int
		C string
	}
	AllKinds struct {
		Bool   bool
		Int    int
		Int8   int8
		Int16  int16
		Int32  int32
		Int64  int64
		Uint   uint
		Uint8  uint8
		Uint16 uint16
		Uint32 uint32
		Uint64 uint64
		F32    float32
		F64    float64
		C64    complex64
		C128   complex128
		Str    string
		Bytes  []byte
	}
	Zeroish struct {
		A  int
		S  string
		B  []byte
		L  []int
		M  map[string]int
		P  *int
		I  interface{}
		N  Point
		NP *Point
		Ar [2]int
		A0 [0]int
		BA [3]byte
	}
	Nested struct {
		Name string
		P    Point
		Ps   []Point
		PPs  []*Point
		M    map[string]Point
		MP   map[string]*Point
		Ar   [2]Point
		PP   *Point
	}
	Ptrs struct {
		A *int
		B **int
		C ***string
	}
	PtrElems struct {
		L  []**int
		M  map[string]**Point
		LL [][]*Point
		A  [1]*int
	}
	ChanFunc struct {
		C  chan int
		F  func()
		PC *chan int
		V  int
	}
	UnsafeNames struct {
		Ünï int
		Éa  string
	}
	Key struct {
		A string
		B [2]uint8
	}
	Floats struct {
		A, B, C, D float64
		E, F       complex128
		G          float32
	}
	ManyFields struct {
		A00, A01, A02, A03, A04, A05, A06, A07, A08, A09, A10, A11, A12, A13, A14, A15, A16, A17, A18, A19 int
		B00, B01, B02, B03, B04, B05, B06, B07, B08, B09, B10, B11, B12, B13, B14, B15, B16, B17, B18, B19 int
		C00, C01, C02, C03, C04, C05, C06, C07, C08, C09, C10, C11, C12, C13, C14, C15, C16, C17, C18, C19 int
		D00, D01, D02, D03, D04, D05, D06, D07, D08, D09, D10, D11, D12, D13, D14, D15, D16, D17, D18, D19 int
		E00, E01, E02, E03, E04, E05, E06, E07, E08, E09, E10, E11, E12, E13, E14, E15, E16, E17, E18, E19 int
		F00, F01, F02, F03, F04, F05, F06, F07, F08, F09, F10, F11, F12, F13, F14, F15, F16, F17, F18, F19 int
		G00, G01, G02, G03, G04, G05, G06, G07, G08, G09, G10, G11, G12, G13, G14, G15, G16, G17, G18, G19 int
	}
)

// Embedding.
type (
	Base  struct{ ID, Name string }
	Base2 struct{ ID int }
	base  struct{ ID int }
	Emb   struct {
		Base
		ID int
	}
	Emb2 struct {
		Base
		Base2
		Extra string
	}
	EmbP struct {
		*Base
		Z int
	}
	EmbLower struct {
		base
		Z int
	}
	DupName struct {
		Base
		B2 struct{ Base }
	}
	EmbIface struct {
		p.Shaper
		N int
	}
	EmbNamed struct {
		p.Int
		p.Str
		*time.Time
	}
)

// Recursion.
type (
	List struct {
		V    int
		Next *List
	}
	Tree struct {
		V    int
		Kids []*Tree
	}
	TreeM struct {
		Name string
		Kids map[string]*TreeM
	}
	A struct {
		N int
		B *B
	}
	B struct {
		S string
		A *A
	}
	MA        struct{ Bs []MB }
	MB        struct{ As []MA }
	RecSlice  []RecSlice
	RecMap    map[string]RecMap
	RecMapKey struct{ M map[string][]RecMapKey }
	RecArr    struct {
		V int
		K [2]*RecArr
	}
	M1    struct{ F map[string]M2 }
	M2    struct{ G [2][]M1 }
	Recur struct {
		Self *Recur
		L    []Recur
		M    map[string]Recur
		A    [1]*Recur
		I    interface{}
	}
	RecPtr *RecPtr
)

// Names of types.
type (
	NamedInt   int
	NamedStr   string
	NamedBytes []byte
	NamedSlice []int
	NamedMap   map[string]int
	NamedArr   [2]int
	Names      struct {
		I NamedInt
		S NamedStr
		B NamedBytes
		L NamedSlice
		M NamedMap
		A NamedArr
		U []int
		V map[string]int
		W [2]int
		X struct{ Q int }
		Y []NamedSlice
		Z map[NamedStr]NamedMap
	}
	Deep struct {
		A struct{ B struct{ C struct{ D int } } }
	}
)

// Interfaces.
type (
	Iface  struct{ V interface{} }
	Iface2 struct {
		A int
		V interface{}
		B string
		W interface{}
		Z int
	}
	Ifaces   struct{ L []interface{} }
	Inner    struct{ K string }
	Inner2   struct{ Q []Inner }
	RecIface struct {
		Next interface{}
		V    int
	}
	Before struct {
		A interface{}
		B int
	}
	Holder struct{ V interface{} }
	Mixed  struct {
		A []interface{}
		X int
		B string
		C int
	}
)

// The standard library's types, and those of net/rpc.
type (
	TimeS struct {
		T time.Time
		P *time.Time
		D time.Duration
	}
	BigS struct {
		I *big.Int
		F *big.Float
		R *big.Rat
	}
	NetS struct {
		IP  net.IP
		Net net.IPNet
		U   *url.URL
	}
	Request struct {
		ServiceMethod string
		Seq           uint64
		next          *Request
	}
	Response struct {
		ServiceMethod string
		Seq           uint64
		Error         string
		next          *Response
	}
	BasicError struct{ Message string }
	RespBE     struct {
		Val   string
		Error *BasicError
	}
	RespErr struct {
		Val string
		Err error
	}
)

func (e *BasicError) Error() string { return e.Message }
