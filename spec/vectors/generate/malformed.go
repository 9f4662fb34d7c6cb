package main

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"time"
)

// stream holds bytes that no encoder writes, and the type of the variable that Go decodes them into.
type stream struct{ clause, id, hex, into string }

// The ids in these bytes begin at 65, as in Go before 1.21. A decoder must accept them.
var malformed = []stream{
	{"GOB-1", "non-minimal-uint-value", "050600fe0007", "uint"},
	{"GOB-1", "uint-length-byte-f8-short", "040600f801", "uint"},
	{"GOB-1", "uint-bad-length-byte-0x85", "03060085", "uint"},
	{"GOB-4", "bool-value-2", "03020002", "bool"},
	{"GOB-4", "bool-value-256", "050200fe0100", "bool"},
	{"GOB-4", "bool-as-neg-int", "03020001", "bool"},
	{"GOB-4", "complex-missing-imag", "030e0000", "complex128"},
	{"GOB-5", "string-len-beyond-buffer", "080c00ff8068656c6c", "string"},
	{"GOB-5", "bytes-len-beyond-buffer", "080a00ff8068656c6c", "[]uint8"},
	{"GOB-5", "string-len-2^64-1", "0d0c00f8ffffffffffffffff6869", "string"},
	{"GOB-6", "empty", "", "int"},
	{"GOB-6", "truncated-count", "fe01", "int"},
	{"GOB-6", "count-then-eof", "03", "int"},
	{"GOB-6", "partial", "0304", "int"},
	{"GOB-6", "zero-length-message", "0003040006", "int"},
	{"GOB-6", "zero-length-message-only", "00", "int"},
	{"GOB-6", "count-byte-80", "80", "int"},
	{"GOB-6", "count-byte-f7", "f7000000000000000001", "int"},
	{"GOB-6", "non-minimal-count", "f80000000000000003040006", "int"},
	{"GOB-6", "message-too-big", "fb0200000000", "int"},
	{"GOB-6", "count-1gb-no-data", "fc40000000", "int"},
	{"GOB-7", "non-zero-singleton-delta", "03040106", "int"},
	{"GOB-7", "singleton-delta-value-missing", "020400", "int"},
	{"GOB-7", "singleton-type-id-only", "0104", "int"},
	{"GOB-8", "unknown-type-id-99", "04ffc60006", "int"},
	{"GOB-8", "unknown-type-id-99-to-struct", "04ffc60006", "Point"},
	{"GOB-8", "type-id-0", "03000006", "int"},
	{"GOB-8", "type-id-0-to-struct", "03000006", "Point"},
	{"GOB-8", "type-id-9-reserved", "03120006", "int"},
	{"GOB-8", "type-id-16-into-int", "03200006", "int"},
	{"GOB-9", "duplicate-type-def", "1fff8103010105506f696e7401ff8200010201015801040001015901040000001fff8103010105506f696e7401ff82000102010158010400010159010400000007ff82012c014200", "Point"},
	{"GOB-9", "def-then-eof", "1fff8103010105506f696e7401ff820001020101580104000101590104000000", "Point"},
	{"GOB-9", "def-then-extra-data-in-same-message", "20ff8103010105506f696e7401ff8200010201015801040001015901040000000007ff82012c014200", "Point"},
	{"GOB-9", "define-id-64", "0b7f020102ff80000104000006ff8000020204", "[]int"},
	{"GOB-9", "define-id-63", "0a7d0201027e0001040000", "[]int"},
	{"GOB-9", "define-id-2", "0a03020102040001040000", "[]int"},
	{"GOB-9", "define-id-2^31-int32-wrap", "0efcffffffff020102040001040000", "[]int"},
	{"GOB-10", "empty-wiretype-no-field", "03ff810005ff82000204", "[]int"},
	{"GOB-10", "empty-wiretype-into-struct", "03ff810005ff82000204", "Point"},
	{"GOB-10", "wiretype-array-and-slice", "17ff81010102ff82000104010400010102ff82000104000006ff8200020204", "[]int"},
	{"GOB-10", "id-inside-commontype-differs", "0cff81020102ffaa000104000006ff8200020204", "[]int"},
	{"GOB-10", "commontype-missing-entirely", "07ff81020204000006ff8200020204", "[]int"},
	{"GOB-10", "array-neg-len", "0eff81010102ff820001040105000005ff82000102", "[1]int"},
	{"GOB-10", "slice-elem-id-undefined", "0dff81020102ff820001ffd0000005ff82000102", "[]int"},
	{"GOB-10", "slice-elem-id-undefined-count-0", "0dff81020102ff820001ffd0000004ff820000", "[]E"},
	{"GOB-10", "wiretype-unknown-extra-field-8", "0aff81080102ff8200000005ff82000102", "[]int"},
	{"GOB-13", "struct-truncated-in-value", "1fff8103010105506f696e7401ff82000102010158010400010159010400000004ff8201", "Point"},
	{"GOB-13", "field-number-out-of-range", "1fff8103010105506f696e7401ff82000102010158010400010159010400000005ff82032c00", "Point"},
	{"GOB-13", "field-delta-huge-2^63", "1fff8103010105506f696e7401ff8200010201015801040001015901040000000cff82f880000000000000002c00", "Point"},
	{"GOB-13", "field-delta-2^63-1", "1fff8103010105506f696e7401ff8200010201015801040001015901040000000cff82f87fffffffffffffff2c00", "Point"},
	{"GOB-13", "second-delta-2^64-1", "1fff8103010105506f696e7401ff8200010201015801040001015901040000000eff82012cf8ffffffffffffffff2c00", "Point"},
	{"GOB-16", "gobdecoder-len-too-large", "10ff8105010104476f625601ff8200000007ff82007f763a78", "GobV"},
	{"GOB-16", "textmarshalert-def-into-string", "0aff81070102ff8200000005ff82000161", "string"},
	{"GOB-18", "array-len-mismatch-in-value", "0eff81010102ff820001040104000007ff820003162c42", "[2]int"},
	{"GOB-18", "slice-count-beyond-buffer", "0cff81020102ff8200010400000bff8200fb0fffffffff0202", "[]int"},
	{"GOB-18", "slice-count-5-2-elems", "0cff81020102ff82000104000006ff8200050202", "[]int"},
	{"GOB-18", "slice-of-e-1e9-elems-no-data", "0dff81020102ff820001ff8400000aff83030102ff8400000008ff8200fc3b9aca00", "[]E"},
	{"GOB-18", "slice-of-e-3-elems-w-terminators", "0dff81020102ff820001ff8400000aff83030102ff8400000007ff820003000000", "[]E"},
	{"GOB-18", "slice-of-e-3-elems-missing-last-terminators", "0dff81020102ff820001ff8400000aff83030102ff8400000005ff82000300", "[]E"},
	{"GOB-19", "map-count-5-1-pair", "0eff81040102ff8200010c0104000009ff820005036f6e6502", "map[string]int"},
	{"GOB-19", "map-dup-keys", "0eff81040102ff8200010c010400000aff820002016102016104", "map[string]int"},
	{"GOB-20", "trailing-bytes-in-value-message", "05040006aabb", "int"},
	{"GOB-20", "struct-no-terminator", "1fff8103010105506f696e7401ff82000102010158010400010159010400000006ff82012c0142", "Point"},
	{"GOB-23", "struct-def-with-empty-field-name", "0fff81030102ff82000101020400000005ff82010200", "Point"},
	{"GOB-23", "struct-def-dup-field-names", "18ff81030102ff82000102010158010400010158010400000007ff820102010400", "Point"},
	{"GOB-23", "struct-def-lowercase-field", "12ff81030102ff82000101010178010400000005ff82010200", "struct { x int; X int }"},
	{"GOB-25", "iface-after-name-no-type", "06100003696e74", "interface {}"},
	{"GOB-25", "iface-wrong-inner-length-too-short", "0a100003696e740401000a", "interface {}"},
	{"GOB-25", "iface-wrong-inner-length-too-long", "0a100003696e740409000a", "interface {}"},
	{"GOB-25", "name-string-empty-wire", "0b100006737472696e670c00", "interface {}"},
	{"GOB-25", "iface-within-iface-id8", "0a100003696e7410020000", "interface {}"},
	{"GOB-27", "iface-name-len-beyond", "0510007f6162", "interface {}"},
	{"GOB-28", "name-int-carries-string", "0b100003696e740c03000161", "interface {}"},
	{"GOB-28", "name-uint-carries-int", "0b10000475696e740402000a", "interface {}"},
	{"GOB-30", "unknown-type-id-99-skipped", "04ffc60006", "nothing"},
	{"GOB-30", "empty-wiretype-skipped", "03ff810005ff82000204", "nothing"},
	{"GOB-30", "iface-wrong-inner-length-skipped", "0a100003696e740409000a", "nothing"},
	{"GOB-30", "array-neg-len-skipped", "0eff81010102ff820001040105000005ff82000102", "nothing"},
	{"GOB-30", "slice-elem-id-undefined-skipped", "0dff81020102ff820001ffd0000005ff82000102", "nothing"},
	{"GOB-30", "textmarshalert-def-skipped", "0aff81070102ff8200000005ff82000161", "nothing"},
	{"GOB-34", "time-version-3", "0aff81050102ff8200000013ff82000f03000000000000000000000000ffff", "time.Time"},
	{"GOB-34", "time-empty", "0aff81050102ff8200000004ff820000", "time.Time"},
	{"GOB-34", "time-14-bytes", "0aff81050102ff8200000012ff82000e01000000000000000000000000ff", "time.Time"},
	{"GOB-35", "bigint-empty", "0aff81050102ff8200000004ff820000", "big.Int"},
	{"GOB-35", "bigint-ver-2", "0aff81050102ff8200000006ff8200020401", "big.Int"},
}

// targets maps Go source text to a type. "nothing" decodes a value and discards it.
var targets = map[string]reflect.Type{
	"int":                     reflect.TypeFor[int](),
	"uint":                    reflect.TypeFor[uint](),
	"bool":                    reflect.TypeFor[bool](),
	"string":                  reflect.TypeFor[string](),
	"complex128":              reflect.TypeFor[complex128](),
	"[]uint8":                 reflect.TypeFor[[]uint8](),
	"[]int":                   reflect.TypeFor[[]int](),
	"[1]int":                  reflect.TypeFor[[1]int](),
	"[2]int":                  reflect.TypeFor[[2]int](),
	"[]E":                     reflect.TypeFor[[]E](),
	"map[string]int":          reflect.TypeFor[map[string]int](),
	"Point":                   reflect.TypeFor[Point](),
	"struct { x int; X int }": reflect.TypeFor[struct{ x, X int }](),
	"GobV":                    reflect.TypeFor[GobV](),
	"interface {}":            reflect.TypeFor[interface{}](),
	"time.Time":               reflect.TypeFor[time.Time](),
	"big.Int":                 reflect.TypeFor[big.Int](),
	"nothing":                 nil,
}

// decodeMalformed returns what Go decodes from a stream: a value or an error.
func decodeMalformed(id string) (object, error) {
	for _, stream := range malformed {
		if stream.id != id {
			continue
		}
		data, err := hex.DecodeString(stream.hex)
		if err != nil {
			return nil, err
		}
		entry := object{{"id", id}, {"clause", stream.clause}, {"into", stream.into}}
		decoder := gob.NewDecoder(bytes.NewReader(data))
		into, known := targets[stream.into]
		if !known {
			return nil, fmt.Errorf("no type %s", stream.into)
		}
		var target reflect.Value
		if into != nil {
			entry = append(entry, pair{"type", describeType(into)})
			target = reflect.New(into)
		}
		entry = append(entry, pair{"hex", stream.hex})
		err = caught(func() error { return decoder.DecodeValue(target) })
		if err != nil {
			return append(entry, pair{"error", reliable(err).Error()}), nil
		}
		if into == nil {
			return append(entry, pair{"value", nil}), nil
		}
		return append(entry, pair{"value", describeValue(target.Elem())}), nil
	}
	return nil, errors.New("no stream " + id)
}

// reliable cuts off the names of remote types, because Go looks them up in its own process.
func reliable(err error) error {
	text := err.Error()
	for _, mark := range []string{"received remote type ", "undefined type ", "can't handle type "} {
		if i := strings.Index(text, mark); i >= 0 {
			return errors.New(text[:i+len(mark)])
		}
	}
	return err
}
