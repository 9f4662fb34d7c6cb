// Prints facts about encoding/gob as JSON lines, for tests that compare them with ours: `keys`, `appended` and
// `mismatches` print streams, and `decode` reads streams and prints what Go makes of them.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

var modes = map[string]func() error{
	"keys":       keys,
	"appended":   appended,
	"mismatches": mismatches,
	"decode":     decode,
}

func main() {
	run, ok := modes[os.Args[1]]
	if !ok {
		fmt.Fprintln(os.Stderr, "unknown mode:", os.Args[1])
		os.Exit(2)
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func print(of any) error {
	return json.NewEncoder(os.Stdout).Encode(of)
}
