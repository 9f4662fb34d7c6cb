package main

import (
	"bufio"
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"reflect"
)

// Structs that embed others, by value, by pointer, more than once, and with fields that hide others.
type (
	Base struct {
		ID  int
		Tag string
	}
	Deep struct {
		Base
		X int
	}
	Other struct {
		ID int
		Z  int
	}
	hidden struct{ ID int }

	Plain struct {
		Base
		Name string
	}
	Pointer struct {
		*Base
		Name string
	}
	Twice struct {
		Deep
		Name string
	}
	Ambiguous struct {
		Base
		Other
		Name string
	}
	Shadowing struct {
		Base
		ID int
	}
	Unexported struct {
		hidden
		Name string
	}
	// Structs that embed nothing.
	Flat struct {
		ID  int
		Tag string
		Z   int
	}
	Both struct {
		Base Base
		ID   int
		Name string
	}
	Reversed struct {
		ID   int
		Base Base
		Name string
	}
	Middle struct {
		Base struct{ ID int }
		Tag  string
	}
)

var embedFormats = map[string]format{
	"json":   formats["json"],
	"ugorji": formats["ugorji"],
	"gob": {
		func(value any) ([]byte, error) {
			var data bytes.Buffer
			err := gob.NewEncoder(&data).Encode(value)
			return data.Bytes(), err
		},
		func(data []byte, pointer any) error { return gob.NewDecoder(bytes.NewReader(data)).Decode(pointer) },
	},
}

var embedValues = map[string]any{
	"Plain": Plain{Base{1, "a"}, "n"}, "PlainZero": Plain{}, "Pointer": Pointer{&Base{1, "a"}, "n"}, "PointerNil": Pointer{nil, "n"},
	"Twice": Twice{Deep{Base{1, "a"}, 2}, "n"}, "Ambiguous": Ambiguous{Base{1, "a"}, Other{2, 3}, "n"},
	"Shadowing": Shadowing{Base{1, "a"}, 9}, "Unexported": Unexported{hidden{4}, "n"}, "Flat": Flat{1, "t", 3},
	"Both": Both{Base{1, "a"}, 7, "n"}, "Reversed": Reversed{7, Base{1, "a"}, "n"}, "ReversedZero": Reversed{7, Base{}, "n"},
	"Middle": Middle{struct{ ID int }{5}, "q"},
}

var embedTypes = map[string]reflect.Type{
	"Plain": reflect.TypeFor[Plain](), "Pointer": reflect.TypeFor[Pointer](), "Twice": reflect.TypeFor[Twice](),
	"Ambiguous": reflect.TypeFor[Ambiguous](), "Shadowing": reflect.TypeFor[Shadowing](), "Unexported": reflect.TypeFor[Unexported](),
	"Flat": reflect.TypeFor[Flat](),
}

type embedQuestion struct {
	Format string `json:"format"`
	Value  string `json:"value"`
	Type   string `json:"type"`
	Hex    string `json:"hex"`
}

// embed answers each line of stdin: {"format", "value"} with the bytes of the value, and {"format", "type", "hex"} with
// what the bytes are in that type, as Go prints it, or the error.
func embed() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var q embedQuestion
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			log.Fatal(err)
		}
		f := embedFormats[q.Format]
		if q.Value != "" {
			data, err := f.encode(embedValues[q.Value])
			if err != nil {
				log.Fatal(err)
			}
			print(hex.EncodeToString(data))
			continue
		}
		print(f.read(q))
	}
}

func (f format) read(q embedQuestion) (text string) {
	defer func() {
		// Go's gob cannot fill a promoted field behind a nil pointer.
		if reason := recover(); reason != nil {
			text = fmt.Sprint("panic: ", reason)
		}
	}()
	pointer := reflect.New(embedTypes[q.Type])
	if err := f.decode(unhex(q.Hex), pointer.Interface()); err != nil {
		return "error: " + err.Error()
	}
	if p, ok := pointer.Interface().(*Pointer); ok && p.Base != nil {
		return fmt.Sprintf("{Base:&%+v Name:%s}", *p.Base, p.Name)
	}
	return fmt.Sprintf("%+v", pointer.Elem())
}
