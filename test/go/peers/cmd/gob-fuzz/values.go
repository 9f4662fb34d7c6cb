package main

import (
	"encoding/json"
	"math"
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"time"
)

// place says where a value is used, because not every value is possible everywhere.
type place int

const (
	top place = iota
	field
	element
	// In a key: no NaN, which is never found again, and no -0, which equals 0.
	key
)

func (g *generator) value(t reflect.Type, at place, depth int) reflect.Value {
	v := reflect.New(t).Elem()
	g.fill(v, at, depth)
	return v
}

func (g *generator) fill(v reflect.Value, at place, depth int) {
	if own, ok := ownValues[v.Type()]; ok {
		if !g.chance(8) || neverNew[v.Type()] {
			own(g, v.Addr().Interface())
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		isNilable := at == field || (at == element && g.nilElements)
		if isNilable && (depth <= 0 || g.chance(3)) {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		g.fill(v.Elem(), at, depth-1)
	case reflect.Interface:
		g.fillInterface(v, at, depth)
	case reflect.Slice:
		g.fillSlice(v, depth)
	case reflect.Array:
		for i := range v.Len() {
			g.fill(v.Index(i), inside(at, element), depth-1)
		}
	case reflect.Map:
		g.fillMap(v, depth)
	case reflect.Struct:
		for i := range v.NumField() {
			if isSent(v.Type().Field(i)) {
				g.fill(v.Field(i), inside(at, field), depth-1)
			}
		}
	default:
		g.fillScalar(v, at)
	}
}

// inside is the place of a part. Parts of keys are keys.
func inside(at, part place) place {
	if at == key {
		return key
	}
	return part
}

func (g *generator) fillInterface(v reflect.Value, at place, depth int) {
	if at != top && (depth <= 0 || g.chance(5)) {
		return
	}
	for range 10 {
		t := pick(g, g.dynamic)
		if at == key {
			t = pick(g, predeclared)
		}
		if !t.AssignableTo(v.Type()) || at == key && !t.Comparable() {
			continue
		}
		value := reflect.New(t).Elem()
		if t.Kind() == reflect.Pointer {
			value.Set(reflect.New(t.Elem()))
			g.fill(value.Elem(), inside(at, element), depth-1)
		} else {
			g.fill(value, inside(at, element), depth-1)
		}
		v.Set(value)
		return
	}
}

func (g *generator) fillSlice(v reflect.Value, depth int) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		if !g.chance(4) {
			v.SetBytes([]byte(g.text()))
		}
		return
	}
	n := g.IntN(4)
	if depth <= 0 || g.chance(5) {
		return
	}
	if g.chance(40) && v.Type().Elem().Size() <= 8 && knows(scalars, v.Type().Elem()) {
		n = 120 + g.IntN(200)
	}
	// In Go the capacity decides whether a slice is reused.
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		g.fill(v.Index(i), element, depth-1)
	}
}

func (g *generator) fillMap(v reflect.Value, depth int) {
	if depth <= 0 || g.chance(5) {
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for range g.IntN(4) {
		v.SetMapIndex(g.value(v.Type().Key(), key, 2), g.value(v.Type().Elem(), element, depth-1))
	}
}

func (g *generator) fillScalar(v reflect.Value, at place) {
	if g.chance(4) {
		return
	}
	switch {
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.Kind() == reflect.String:
		v.SetString(g.text())
	case v.CanInt():
		v.SetInt(g.bits(v.Type().Bits()))
	case v.CanUint():
		v.SetUint(uint64(g.bits(64)) >> (64 - v.Type().Bits()))
		if g.chance(2) {
			v.SetUint(uint64(g.IntN(200)))
		}
	case v.CanFloat():
		v.SetFloat(g.float(at, v.Type().Bits()))
	case v.CanComplex():
		bits := v.Type().Bits() / 2
		v.SetComplex(complex(g.float(at, bits), g.float(at, bits)))
	}
}

// bits is a number of at most n bits: half of them are small, and the limits are more frequent than by chance.
func (g *generator) bits(n int) int64 {
	switch g.IntN(6) {
	case 0, 1, 2:
		return int64(g.IntN(200)-100) % (1 << (n - 1))
	case 3:
		return -1 << (n - 1)
	case 4:
		return 1<<(n-1) - 1
	}
	return int64(g.Uint64()) >> (64 - n) >> g.IntN(n)
}

func (g *generator) float(at place, bits int) float64 {
	switch g.IntN(12) {
	case 0:
		return math.Inf(1 - 2*g.IntN(2))
	case 1:
		return float64(g.IntN(1000)) / 8
	case 2:
		if at != key {
			return math.Copysign(0, -1)
		}
	case 3:
		if at != key && g.chance(4) {
			g.hasNaN = true
			return math.NaN()
		}
	case 4:
		return math.SmallestNonzeroFloat32
	case 5:
		return float64(math.MaxFloat32)
	}
	if bits == 32 {
		return float64(g.Float32()*2000 - 1000)
	}
	if g.chance(3) {
		return g.Float64() * 1e300
	}
	return g.Float64()*2000 - 1000
}

var letters = []string{"a", "b", "0", " ", "é", "日", "😀", "\x00", "\ufeff", "\ufffd", "__proto__",
	// Not UTF-8: a stray byte, a cut sequence, a surrogate, a form that is too long.
	"\xff", "\xe6\x97", "\xed\xa0\x80", "\xc0\x80"}

// text makes a text of one of the lengths that encoders treat differently.
func (g *generator) text() string {
	n := []int{0, 1, 3, 9, 27, 41, 60, 130}[g.IntN(8)] + g.IntN(3)
	if g.chance(2) {
		return strings.Repeat("x", n)
	}
	var text strings.Builder
	for range n {
		text.WriteString(pick(g, letters))
	}
	return text.String()
}

// ownValues makes values of types with unexported fields.
var ownValues = map[reflect.Type]func(*generator, any){
	reflect.TypeFor[GobV](): func(g *generator, v any) { v.(*GobV).s = g.text() },
	reflect.TypeFor[GobP](): func(g *generator, v any) { v.(*GobP).s = g.text() },
	reflect.TypeFor[BinV](): func(g *generator, v any) { v.(*BinV).s = g.text() },
	reflect.TypeFor[UUID](): func(g *generator, v any) { copy(v.(*UUID)[:], g.text()) },
	reflect.TypeFor[time.Time](): func(g *generator, v any) {
		at := time.Unix(g.bits(36), int64(g.IntN(1e9))).UTC()
		if !g.chance(3) {
			// Whole minutes, but not -1, which means UTC.
			at = at.In(time.FixedZone("", 60*(2+g.IntN(840))*(1-2*g.IntN(2))))
		}
		*v.(*time.Time) = at
	},
	reflect.TypeFor[big.Int](): func(g *generator, v any) {
		v.(*big.Int).Lsh(big.NewInt(g.bits(64)), uint(g.IntN(100)))
	},
	reflect.TypeFor[big.Rat](): func(g *generator, v any) {
		v.(*big.Rat).SetFrac64(g.bits(64), 1+int64(g.IntN(1000)))
	},
	reflect.TypeFor[big.Float](): func(g *generator, v any) {
		// Always the same precision, because Go rounds to that of the value it decodes into.
		v.(*big.Float).SetPrec(53).SetFloat64(float64(g.IntN(1000)) / 8)
	},
	reflect.TypeFor[netip.Addr](): func(g *generator, v any) {
		texts := []string{"1.2.3.4", "::1", "2001:db8::ff00:42:8329", "fe80::1%eth0", "::ffff:1.2.3.4"}
		*v.(*netip.Addr) = netip.MustParseAddr(pick(g, texts))
	},
	reflect.TypeFor[url.URL](): func(g *generator, v any) {
		*v.(*url.URL) = url.URL{Scheme: "https", Host: "example.com", Path: "/" + g.textOf("ab/"), RawQuery: "q=1"}
	},
	reflect.TypeFor[json.RawMessage](): func(g *generator, v any) { *v.(*json.RawMessage) = json.RawMessage(`{"a":[1,null]}`) },
}

// neverNew has the types whose zero value differs from a decoded zero.
var neverNew = map[reflect.Type]bool{reflect.TypeFor[big.Rat](): true, reflect.TypeFor[big.Float](): true}

func (g *generator) textOf(chars string) string {
	text := make([]byte, 1+g.IntN(6))
	for i := range text {
		text[i] = chars[g.IntN(len(chars))]
	}
	return string(text)
}
