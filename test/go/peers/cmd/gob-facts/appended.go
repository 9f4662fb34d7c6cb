package main

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
)

type Entry struct {
	Name  string
	Count int
	Tags  []string
}

type Other struct {
	Entry  Entry
	Detail any
}

// Files to which several runs of a program have appended, each with an encoder of its own.
func appended() error {
	a := Entry{"a", 1, []string{"x"}}
	b := Entry{"b", 2, nil}
	gob.RegisterName("main.Entry", Entry{})
	files := map[string][][]any{
		"one type":            {{a, b}, {b}, {a, a}},
		"several types":       {{a, Other{a, b}}, {Other{b, 5}, b}, {[]Entry{a, b}, map[string]Entry{"k": a}}},
		"builtins between":    {{a}, {5, "text"}, {a, 7}, {"end"}},
		"only builtins":       {{1, 2}, {3}},
		"the same id twice":   {{[]int{1}}, {[]string{"s"}}, {map[string]int{"k": 1}}, {a}},
		"definitions inside":  {{Other{a, b}}, {Other{b, a}, Other{a, nil}}, {Other{a, "text"}}},
		"a list in an option": {{Other{a, []string{"s"}}}, {Other{a, []string{"t"}}}},
	}
	for name, runs := range files {
		var file bytes.Buffer
		values := 0
		for _, run := range runs {
			encoder := gob.NewEncoder(&file)
			for _, value := range run {
				if err := encoder.Encode(value); err != nil {
					return err
				}
				values++
			}
		}
		line := map[string]any{"name": name, "hex": hex.EncodeToString(file.Bytes()), "values": values}
		if err := print(line); err != nil {
			return err
		}
	}
	return nil
}
