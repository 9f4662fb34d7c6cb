package main

import (
	"embed"
	"encoding/gob"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"reflect"
	"strconv"
	"strings"
)

// vector is one stream: the registrations, then the values that are encoded.
type vector struct {
	id     string
	clause string
	note   string
	values []any
	setup  []func()
	target any
	isKept bool
}

// v makes a vector of values that are encoded one after the other on one stream. The source text of the call
// becomes the vector's `go`. Write the values in full.
func v(id string, values ...any) *vector { return &vector{id: id, values: values} }

func (v *vector) says(note string) *vector {
	v.note = note
	return v
}

// by names the clause that the vector shows, when it differs from its group's clause.
func (v *vector) by(clause string) *vector {
	v.clause = clause
	return v
}

func (v *vector) register(values ...any) *vector {
	for _, value := range values {
		v.setup = append(v.setup, func() { gob.Register(value) })
	}
	return v
}

func (v *vector) registerName(name string, value any) *vector {
	v.setup = append(v.setup, func() {
		gob.RegisterName(name, value)
		givenNames[reflect.TypeOf(value)] = name
	})
	return v
}

// into sets the variable that Go decodes into, when a zero value is not enough.
func (v *vector) into(target any) *vector {
	v.target = target
	return v
}

// keep describes the encoded values, for a vector that Go decodes to something else.
func (v *vector) keep() *vector {
	v.isKept = true
	return v
}

// iface returns a pointer to an interface that holds x. Encoding the pointer puts the interface on the wire.
func iface(x any) any { return &x }

func ptr[T any](value T) *T { return &value }

// group is the vectors of one file that show the same clause. A vector may name another clause with by.
type group struct {
	file    string
	clause  string
	vectors []*vector
}

var groups = []group{
	{"scalars", "GOB-4", bools},
	{"scalars", "GOB-2", ints},
	{"scalars", "GOB-1", uints},
	{"scalars", "GOB-3", floats},
	{"scalars", "GOB-4", complexes},
	{"scalars", "GOB-5", texts},
	{"composites", "GOB-18", arraysAndSlices},
	{"composites", "GOB-19", maps},
	{"structs", "GOB-13", structs},
	{"recursion", "GOB-11", recursion},
	{"names", "GOB-12", names},
	{"interfaces", "GOB-25", interfaces},
	{"marshalers", "GOB-16", marshalers},
}

func find(id string) *vector {
	for _, group := range groups {
		for _, vector := range group.vectors {
			if vector.id == id {
				return vector
			}
		}
	}
	return nil
}

//go:embed vectors_*.go
var sources embed.FS

// expressions reads the source of this program and returns the text of each v("id", ...) call, with its
// registrations.
func expressions() (map[string]string, error) {
	found := map[string]string{}
	files, err := sources.ReadDir(".")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := sources.ReadFile(file.Name())
		if err != nil {
			return nil, err
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, file.Name(), text, 0)
		if err != nil {
			return nil, err
		}
		registered := map[*ast.CallExpr]string{}
		ast.Inspect(tree, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			if method, ok := call.Fun.(*ast.SelectorExpr); ok {
				// Calls are visited from the outside in. v(...) is the innermost call of its chain.
				if inner, ok := method.X.(*ast.CallExpr); ok {
					registered[inner] = registration(set, method.Sel.Name, call) + registered[call]
				}
			}
			if name, ok := call.Fun.(*ast.Ident); ok && name.Name == "v" {
				id, _ := strconv.Unquote(call.Args[0].(*ast.BasicLit).Value)
				found[id] = list(set, call, 1) + registered[call]
			}
			return true
		})
	}
	return found, nil
}

func registration(set *token.FileSet, method string, call *ast.CallExpr) string {
	switch method {
	case "register":
		return "; gob.Register(" + list(set, call, 0) + ")"
	case "registerName":
		return "; gob.RegisterName(" + list(set, call, 0) + ")"
	}
	return ""
}

// list returns the call's arguments from the n-th on, on one line.
func list(set *token.FileSet, call *ast.CallExpr, n int) string {
	texts := []string{}
	for _, argument := range call.Args[n:] {
		var text strings.Builder
		if err := printer.Fprint(&text, set, argument); err != nil {
			panic(err)
		}
		texts = append(texts, strings.Join(strings.Fields(text.String()), " "))
	}
	if call.Ellipsis.IsValid() {
		texts[len(texts)-1] += "..."
	}
	return strings.Join(texts, ", ")
}
