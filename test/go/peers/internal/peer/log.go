package peer

import (
	"encoding/json"
	"sync"

	"github.com/hashicorp/go-hclog"
)

// logs collects what go-plugin logs: the plugin's stderr and its own messages. Only they show that Kill had to kill
// the process.
type logs struct {
	mu      sync.Mutex
	live    bool
	records []map[string]any
}

func (l *logs) logger() hclog.Logger {
	return hclog.New(&hclog.LoggerOptions{
		Name: "plugin", Level: hclog.Trace, Output: l, JSONFormat: true,
	})
}

// Write takes one JSON record. hclog writes each with one call.
func (l *logs) Write(line []byte) (int, error) {
	var record map[string]any
	if err := json.Unmarshal(line, &record); err != nil {
		return 0, err
	}
	l.mu.Lock()
	l.records = append(l.records, record)
	l.mu.Unlock()
	if l.live {
		Report("log", record, nil)
	}
	return len(line), nil
}

// warnings returns the messages of go-plugin itself at warn and above. Records from the plugin's stderr have its
// name as the second part of the module, and are left out.
func (l *logs) warnings() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	found := []string{}
	for _, record := range l.records {
		level, _ := record["@level"].(string)
		if record["@module"] == "plugin" && (level == "warn" || level == "error") {
			found = append(found, record["@message"].(string))
		}
	}
	return found
}
