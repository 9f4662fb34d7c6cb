package peer

import (
	"encoding/json"
	"os"
	"sync"
)

// Step is one line of a host's report. Exactly one of Value and Error is there, or neither for a
// step that has nothing to tell but that it succeeded.
type Step struct {
	Step  string `json:"step"`
	Value any    `json:"value,omitempty"`
	Error string `json:"error,omitempty"`
}

var (
	out   sync.Mutex
	lines = json.NewEncoder(os.Stdout)
)

func init() { lines.SetEscapeHTML(false) }

// Report prints one step as a JSON line on stdout.
func Report(step string, value any, err error) {
	line := Step{Step: step, Value: value}
	if err != nil {
		line = Step{Step: step, Error: err.Error()}
	}
	out.Lock()
	defer out.Unlock()
	if err := lines.Encode(line); err != nil {
		panic(err)
	}
}
