package main

import (
	"bytes"
	"math"
	"strings"
	"time"
)

var (
	bools = []*vector{
		v("bool-false", false).says("a zero alone is sent"),
		v("bool-true", true),
	}
	ints = []*vector{
		v("int-0", 0),
		v("int-3", 3),
		v("int-63", 63).says("the largest in one byte"),
		v("int-64", 64),
		v("int--1", -1).says("bit 0 says: complement"),
		v("int--64", -64).says("the least in one byte"),
		v("int--65", -65),
		v("int--129", -129),
		v("int-maxsafe", 1<<53-1).says("the last that a JavaScript number keeps"),
		v("int-2^53+1", 1<<53+1).says("no JavaScript number"),
		v("int-max", math.MaxInt64),
		v("int-min", math.MinInt64),
		v("int8--128", int8(-128)),
		v("duration", 1500*time.Millisecond).says("an int of nanoseconds"),
	}
	uints = []*vector{
		v("uint-0", uint(0)),
		v("uint-127", uint(127)),
		v("uint-128", uint(128)),
		v("uint-255", uint(255)),
		v("uint-256", uint(256)),
		v("uint-65535", uint16(65535)),
		v("uint-2^32", uint64(1<<32)),
		v("uint-max", uint64(math.MaxUint64)),
		v("uintptr-7", uintptr(7)),
	}
	floats = []*vector{
		v("float-0", 0.0),
		v("float-neg0", math.Copysign(0, -1)).says("alone it is sent"),
		v("float-1", 1.0),
		v("float--1", -1.0),
		v("float-17", 17.0),
		v("float-0.1", 0.1),
		v("float-pi", math.Pi),
		v("float-inf", math.Inf(1)),
		v("float--inf", math.Inf(-1)),
		v("float-nan", math.NaN()).says("the bits 7ff8000000000001; JavaScript keeps no payload"),
		v("float-max", math.MaxFloat64),
		v("float-minsub", math.SmallestNonzeroFloat64),
		v("float32-0.1", float32(0.1)).says("widened to 64 bits"),
	}
	complexes = []*vector{
		v("complex-0", complex(0, 0)),
		v("complex-1-2i", complex(1, -2)),
		v("complex64", complex64(complex(0.5, 0.25))),
	}
	texts = []*vector{
		v("string-empty", ""),
		v("string-hello", "hello"),
		v("string-utf8", "héllo, 世界 🎉").says("the length is in bytes"),
		v("string-badutf8", "a\xff\xfe\x80z").says("need not be UTF-8"),
		v("string-nul", "a\x00b"),
		v("string-127", strings.Repeat("x", 127)),
		v("string-128", strings.Repeat("x", 128)),
		v("string-1MB", strings.Repeat("x", 1<<20)),
		v("bytes-empty", []byte{}),
		v("bytes-nil", []byte(nil)).says("the same as empty"),
		v("bytes", []byte{1, 2, 0xff}),
		v("bytes-1MB", bytes.Repeat([]byte{0xab}, 1<<20)),
		v("uint8slice-named", NamedBytes{9, 8}).says("each slice of a byte kind is type 5"),
	}
)
