package main

import (
	"bufio"
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
)

// A stream, and the types of the values to read from it one after the other; "" reads past a value.
type question struct {
	Hex   string
	Types []string
}

type Point struct{ X, Y int }

var receivers = map[string]reflect.Type{
	"int":       reflect.TypeFor[int](),
	"string":    reflect.TypeFor[string](),
	"Point":     reflect.TypeFor[Point](),
	"Entry":     reflect.TypeFor[Entry](),
	"[]int":     reflect.TypeFor[[]int](),
	"interface": reflect.TypeFor[any](),
}

// Reads questions, and prints for each value of their streams "ok" or the error.
func decode() error {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var of question
		if err := json.Unmarshal(lines.Bytes(), &of); err != nil {
			return err
		}
		stream, err := hex.DecodeString(of.Hex)
		if err != nil {
			return err
		}
		decoder := gob.NewDecoder(bytes.NewReader(stream))
		outcomes := []string{}
		for _, name := range of.Types {
			outcomes = append(outcomes, next(decoder, name))
		}
		if err := print(outcomes); err != nil {
			return err
		}
	}
	return lines.Err()
}

func next(decoder *gob.Decoder, name string) string {
	if name == "" {
		return outcome(decoder.DecodeValue(reflect.Value{}), nil)
	}
	value := reflect.New(receivers[name])
	return outcome(decoder.DecodeValue(value), value.Interface())
}

func outcome(err error, value any) string {
	if err != nil {
		return err.Error()
	}
	if value == nil {
		return "ok"
	}
	return fmt.Sprintf("ok %v", reflect.ValueOf(value).Elem())
}
