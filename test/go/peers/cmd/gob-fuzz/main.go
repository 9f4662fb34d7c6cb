// Command gob-fuzz makes random Go types and values, and reports what Go's encoding/gob does with them, so that
// another implementation can be compared (test/fuzz).
//
//	gob-fuzz -seed N -streams N
//
// On stdout, a line of JSON each: the types that are registered for interfaces; the streams, with what
// becomes of each value; the values that gob refuses to encode. Then it reads {"stream", "hex"} lines
// on stdin, the same values as another encoder writes them, and answers each with {"stream", "error"}.
//
// One process is one seed, since gob numbers types per process.
package main

import (
	"bufio"
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
)

var (
	seed    = flag.Uint64("seed", 1, "the same seed gives the same types and values")
	streams = flag.Int("streams", 40, "how many streams, of one to five values each")
)

func main() {
	flag.Parse()
	if err := run(); err != nil {
		fmt.Fprintf(os.Stderr, "gob-fuzz: seed %d: %v\n", *seed, err)
		os.Exit(1)
	}
}

func run() error {
	out := bufio.NewWriter(os.Stdout)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	g := newGenerator(*seed)
	if err := lines.Encode(object{"registered": g.registrations()}); err != nil {
		return err
	}
	made := make([]*stream, *streams)
	for i := range made {
		g.hasNaN = false
		s, err := g.stream()
		if err != nil {
			return err
		}
		made[i] = s
		if err := lines.Encode(s.describe(!g.hasNaN)); err != nil {
			return err
		}
	}
	for range *streams / 4 {
		if refused := g.refused(); refused != nil {
			if err := lines.Encode(refused); err != nil {
				return err
			}
		}
	}
	if err := lines.Encode(object{"end": true}); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return answer(made, lines, out)
}

func (g *generator) registrations() []any {
	types := []any{}
	for _, t := range registered {
		types = append(types, object{"name": registeredName(t), "type": describeType(t)})
	}
	return types
}

// refused makes a value with a nil pointer where gob cannot encode one.
func (g *generator) refused() object {
	g.nilElements = true
	defer func() { g.nilElements = false }()
	for range 10 {
		t := g.typ(maxDepth)
		v := g.value(t, top, maxDepth)
		err := caught(func() error { return gob.NewEncoder(&bytes.Buffer{}).EncodeValue(encodable(v)) })
		if err != nil {
			return object{"unencodable": object{"type": describeType(t), "value": describeValue(v), "error": err.Error()}}
		}
	}
	return nil
}

func answer(made []*stream, lines *json.Encoder, out *bufio.Writer) error {
	questions := bufio.NewScanner(os.Stdin)
	questions.Buffer(nil, 1<<26)
	for questions.Scan() {
		var question struct {
			Stream int
			Hex    string
		}
		if err := json.Unmarshal(questions.Bytes(), &question); err != nil {
			return err
		}
		data, err := hex.DecodeString(question.Hex)
		if err != nil {
			return err
		}
		reply := object{"stream": question.Stream}
		if err := made[question.Stream].check(data); err != nil {
			reply["error"] = err.Error()
		}
		if err := lines.Encode(reply); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return questions.Err()
}
