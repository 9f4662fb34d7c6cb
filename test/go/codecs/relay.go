package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"math"
	"os"
	"reflect"
	"time"

	v1 "github.com/hashicorp/go-msgpack/codec"
	v2 "github.com/hashicorp/go-msgpack/v2/codec"
	"github.com/ugorji/go/codec"
)

// A format encodes a value, and decodes one into the variable behind a pointer.
type format struct {
	encode func(value any) ([]byte, error)
	decode func(data []byte, pointer any) error
}

// The handles that the codecs of the same names use.
var formats = map[string]format{
	"json": {json.Marshal, func(data []byte, pointer any) error {
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber()
		return decoder.Decode(pointer)
	}},
	"ugorji": {
		func(value any) (data []byte, err error) {
			err = codec.NewEncoderBytes(&data, ugorji).Encode(value)
			return
		},
		func(data []byte, pointer any) error { return codec.NewDecoderBytes(data, ugorji).Decode(pointer) },
	},
	"go-msgpack-v1": {
		func(value any) (data []byte, err error) {
			err = v1.NewEncoderBytes(&data, defaultV1).Encode(value)
			return
		},
		func(data []byte, pointer any) error { return v1.NewDecoderBytes(data, defaultV1).Decode(pointer) },
	},
	"go-msgpack-v2": {
		func(value any) (data []byte, err error) {
			err = v2.NewEncoderBytes(&data, defaultV2).Encode(value)
			return
		},
		func(data []byte, pointer any) error { return v2.NewDecoderBytes(data, defaultV2).Decode(pointer) },
	},
}

var defaultV2 = &v2.MsgpackHandle{}

// A relayed value. Those with a schema have the type Everything.
type relayed struct {
	Name  string `json:"name"`
	Hex   string `json:"hex"`
	Typed bool   `json:"typed"`
}

// relay prints each value as a line with its bytes. For each line that comes back it prints how the relayed value
// differs: an empty text if it does not. Without a schema the bytes must be the same, too.
func relay(name string) {
	format, ok := formats[name]
	if !ok {
		log.Fatalf("no format %s", name)
	}
	sent := map[string]relayed{}
	send := func(name string, value any, isTyped bool) {
		data, err := format.encode(value)
		if err != nil {
			log.Fatalf("%s: %v", name, err)
		}
		sent[name] = relayed{name, hex.EncodeToString(data), isTyped}
		print(sent[name])
	}
	for i, value := range dynamicValues(name) {
		send(fmt.Sprintf("value %d, %T", i, value), value, false)
	}
	for key, value := range typedValues {
		send(key, value, true)
	}
	fmt.Println("{}")
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		var back relayed
		if err := json.Unmarshal(lines.Bytes(), &back); err != nil {
			log.Fatal(err)
		}
		print(format.difference(sent[back.Name], back))
	}
}

func print(line any) {
	text, err := json.Marshal(line)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
}

func (f format) difference(sent, back relayed) string {
	want, got := target(sent), target(sent)
	if err := f.decode(unhex(sent.Hex), want.Interface()); err != nil {
		log.Fatalf("%s: %v", sent.Name, err)
	}
	if err := f.decode(unhex(back.Hex), got.Interface()); err != nil {
		return fmt.Sprintf("cannot be decoded: %v: %s", err, back.Hex)
	}
	if !reflect.DeepEqual(got.Interface(), want.Interface()) {
		return fmt.Sprintf("value: %#v, was %#v", got.Elem(), want.Elem())
	}
	if !sent.Typed && back.Hex != sent.Hex {
		return fmt.Sprintf("bytes: %s, were %s", back.Hex, sent.Hex)
	}
	return ""
}

func target(value relayed) reflect.Value {
	if value.Typed {
		return reflect.ValueOf(new(Everything))
	}
	return reflect.ValueOf(new(any))
}

func unhex(text string) []byte {
	data, err := hex.DecodeString(text)
	if err != nil {
		log.Fatal(err)
	}
	return data
}

// Values of which some fields are nil, and the same with empty fields.
var typedValues = map[string]Everything{
	"nil":   {Name: "nil"},
	"empty": {Name: "empty", Bytes: []byte{}, Ints: []int{}, Dict: map[string]int{}, ByInt: map[int]string{}, Some: &Inner{}, Kids: []Inner{}},
	"full": {
		"full", true, 200, -3, 1 << 40, 70000, math.MaxUint64, 0.1, 2, []byte("by"), [4]byte{1, 2, 3, 255},
		[]int{0, 127, 128, -32, -33, 65536}, map[string]int{"k": 900}, map[int]string{-5: "minus five"},
		Inner{"in", 1}, &Inner{"some", 2}, nil, []Inner{{"a", 1}, {"b", 2}},
		time.Date(2024, 2, 29, 12, 30, 15, 123456789, time.UTC), 90 * time.Minute,
	},
}

func dynamicValues(name string) []any {
	values := []any{
		nil, true, false, "", "text", "日本 \U0001F600", map[string]any{}, []any{}, []any{nil, "a", 1.5, []any{}},
		int64(0), int64(127), int64(128), int64(200), int64(-32), int64(-33), int64(-129), int64(1 << 20),
		int64(1<<53 + 1), int64(math.MaxInt64), int64(math.MinInt64), uint64(200), uint64(70000), uint64(math.MaxUint64),
		float64(1), float64(-0.5), 1e21, 1e-7, 1e300, float32(1.5), float32(0.1), float32(16777216), math.Copysign(0, -1),
		map[string]any{"a": int64(1), "b": map[string]any{"c": []any{1.0}}},
		map[string]int64{"x": 300}, map[int]string{1: "a", -200: "b"}, map[uint64]bool{300: true, 7: false},
	}
	if name == "json" {
		for _, text := range []string{
			`1.0`, `1E5`, `-0`, `-0.0`, `1e400`, `12345678901234567890`, `123456789012345678901234567890`, `0.1000`,
			`{"a":2.50}`, `"\ud800"`, `{"__proto__":[1.0,{"x":9007199254740993}]}`,
		} {
			var back bytes.Buffer
			// As the text stands: a json.RawMessage would be the same.
			if err := json.Compact(&back, []byte(text)); err != nil {
				log.Fatal(err)
			}
			values = append(values, json.RawMessage(back.Bytes()))
		}
		return values
	}
	return append(values,
		"\xff\xfe", "a\xc3", []byte{}, []byte("bytes"), []byte{0xff, 0}, map[string]any{"\xff": "\xfe", "\xfe": nil},
		[]byte(nil), map[string]any(nil), []any(nil), math.Inf(1), math.Inf(-1),
		map[any]any{int64(1): "a"}, map[any]any{int64(1): "a", "1": "b", true: "c", 2.5: "d", uint64(300): "e", float64(1): "f"},
		map[float64]string{1: "one", 0.5: "half"}, map[bool]int{true: 1},
		time.Unix(1, 0).UTC(), time.Unix(20, 1).UTC(), time.Unix(-1, 999999999).UTC(), time.Time{},
		codec.RawExt{Tag: 5, Data: []byte{1, 2, 3}}, codec.RawExt{Tag: 100, Data: make([]byte, 16)},
	)
}
