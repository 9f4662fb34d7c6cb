package main

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
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

// Files to which several runs of a program have appended, each with an encoder of its own. A run is a process of its own
// here too: Go numbers types per process, and in different runs one id means different types.
var files = []struct {
	name string
	runs [][]any
}{
	{"one type", [][]any{{a, b}, {b}, {a, a}}},
	{"several types", [][]any{{a, Other{a, b}}, {Other{b, 5}, b}, {[]Entry{a, b}, map[string]Entry{"k": a}}}},
	{"builtins between", [][]any{{a}, {5, "text"}, {a, 7}, {"end"}}},
	{"only builtins", [][]any{{1, 2}, {3}}},
	{"one id for different types", [][]any{{[]int{1}}, {[]string{"s"}}, {map[string]int{"k": 1}}, {a}, {Other{b, nil}}}},
	{"definitions inside", [][]any{{Other{a, b}}, {Other{b, a}, Other{a, nil}}, {Other{a, "text"}, Other{b, []string{"s"}}}}},
	{"a type that an earlier run had, under a later id", [][]any{{a}, {[]int{1}, a}, {a, []int{2}}}},
}

var (
	a = Entry{"a", 1, []string{"x"}}
	b = Entry{"b", 2, nil}
)

// Prints the runs of each file, without an argument; or what the run of that number in that file appends.
func appended() error {
	gob.RegisterName("main.Entry", Entry{})
	if len(os.Args) < 4 {
		for _, file := range files {
			if err := print(map[string]any{"name": file.name, "runs": len(file.runs)}); err != nil {
				return err
			}
		}
		return nil
	}
	return appendRun(os.Args[2], os.Args[3])
}

func appendRun(name, number string) error {
	i, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	for _, file := range files {
		if file.name != name {
			continue
		}
		var stream bytes.Buffer
		encoder := gob.NewEncoder(&stream)
		for _, value := range file.runs[i] {
			if err := encoder.Encode(value); err != nil {
				return err
			}
		}
		return print(map[string]any{"hex": hex.EncodeToString(stream.Bytes()), "values": len(file.runs[i])})
	}
	return fmt.Errorf("no file %s", name)
}
