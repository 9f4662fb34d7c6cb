// Command generate writes the golden vectors: the bytes that Go's own encoding/gob and net/rpc write, and how Go
// reads such bytes. Running it again changes nothing.
//
//	go run . -out DIR     write gob/*.json and netrpc/exchanges.json
//	go run . -decode      read {"id", "hex"} lines, decode each as the values of that vector, answer
//	                      with {"id", "values"} or {"id", "error"} lines
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

var (
	out    = flag.String("out", "", "the folder to write to")
	decode = flag.Bool("decode", false, "decode what comes on stdin")
	// gob numbers types per process. Each vector is therefore made in a fresh process of this program.
	encode  = flag.String("encode", "", "internal: print one vector")
	judge   = flag.String("judge", "", "internal: decode the hex on stdin as one vector")
	refuse  = flag.String("unencodable", "", "internal: print one value that Go refuses")
	confuse = flag.String("malformed", "", "internal: print one stream that Go is given")
	serve   = flag.String("serve", "", "internal: the server of an exchange, over stdin and stdout")
	call    = flag.String("call", "", "internal: the client of an exchange, over stdin and stdout")
)

func main() {
	flag.Parse()
	err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	switch {
	case *encode != "":
		return show(encodeVector(*encode))
	case *judge != "":
		return show(judgeVector(*judge))
	case *refuse != "":
		return show(encodeRefused(*refuse))
	case *confuse != "":
		return show(decodeMalformed(*confuse))
	case *serve != "":
		return serveExchange()
	case *call != "":
		return callExchange(*call)
	case *decode:
		return decodeLines()
	case *out != "":
		return writeAll(*out)
	}
	flag.Usage()
	os.Exit(2)
	return nil
}

func show(entry object, err error) error {
	if err != nil {
		return err
	}
	text, err := marshal(entry)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(text)
	return err
}

func writeAll(dir string) error {
	files := map[string][]string{}
	for _, group := range groups {
		for _, vector := range group.vectors {
			files[group.file] = append(files[group.file], vector.id)
		}
	}
	for file, ids := range files {
		if err := writeEach(filepath.Join(dir, "gob", file+".json"), "-encode", ids); err != nil {
			return err
		}
	}
	ids := []string{}
	for _, value := range unencodable {
		ids = append(ids, value.id)
	}
	if err := writeEach(filepath.Join(dir, "gob", "unencodable.json"), "-unencodable", ids); err != nil {
		return err
	}
	ids = ids[:0]
	for _, stream := range malformed {
		ids = append(ids, stream.id)
	}
	if err := writeEach(filepath.Join(dir, "gob", "refused.json"), "-malformed", ids); err != nil {
		return err
	}
	return writeExchanges(filepath.Join(dir, "netrpc", "exchanges.json"))
}

// writeEach writes a file with the output of a fresh process for each id.
func writeEach(path, role string, ids []string) error {
	entries := [][]byte{}
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			return fmt.Errorf("the id %s is there twice", id)
		}
		seen[id] = true
		text, err := again(role, id).Output()
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		entries = append(entries, text)
	}
	return writeFile(path, entries)
}

// writeFile writes one entry per line, so that a diff shows the entries that differ.
func writeFile(path string, entries [][]byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	text := "[\n  " + string(bytes.Join(entries, []byte(",\n  "))) + "\n]\n"
	return os.WriteFile(path, []byte(text), 0o644)
}

// again returns a command that runs this program in another role. Go's own messages stay visible on stderr.
func again(arguments ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	command := exec.Command(self, arguments...)
	command.Stderr = os.Stderr
	return command
}
