package peer

import (
	"encoding/json"
	"os"
	"sync"
)

// Step is a line of a host's report. It has a Value or an Error, or neither if the step succeeded without a value.
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
