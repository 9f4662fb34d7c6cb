package bench

import (
	"bufio"
	"encoding/json"
	"os"
	"runtime/debug"
	"time"
)

// Command is a line on a contender's stdin: {"case":"string 64","ms":500}.
type Command struct {
	Case string `json:"case"`
	Ms   int64  `json:"ms"`
}

// Ready is a contender's first line on stdout: what it is made of.
type Ready struct {
	Ready    bool              `json:"ready"`
	Go       string            `json:"go"`
	Versions map[string]string `json:"versions"`
}

// Answer reads commands until the end of stdin, and answers each with one line. A contender keeps running between
// rounds, so that it is warm and contenders can take turns.
func Answer(run func(name string, duration time.Duration) (Result, error)) {
	out := json.NewEncoder(os.Stdout)
	ready := Ready{Ready: true, Versions: map[string]string{}}
	if info, ok := debug.ReadBuildInfo(); ok {
		ready.Go = info.GoVersion
		for _, module := range info.Deps {
			if module.Path == "github.com/hashicorp/go-plugin" || module.Path == "github.com/hashicorp/yamux" {
				ready.Versions[module.Path] = module.Version
			}
		}
	}
	_ = out.Encode(ready)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var command Command
		result, err := Result{}, json.Unmarshal(lines.Bytes(), &command)
		if err == nil {
			result, err = run(command.Case, time.Duration(command.Ms)*time.Millisecond)
		}
		result.Case = command.Case
		if err != nil {
			result.Error = err.Error()
		}
		_ = out.Encode(result)
	}
}
