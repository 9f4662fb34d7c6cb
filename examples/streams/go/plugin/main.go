// Command plugin is the twin of ../../plugin.ts.
package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/hashicorp/go-plugin"

	"goplug.example/streams/text"
)

// lines is the service. logged is the reading end of log.
type lines struct {
	logged *io.PipeReader
	log    *io.PipeWriter
}

func (*lines) Upper(source io.Reader, sink io.Writer) error {
	scanner := bufio.NewScanner(source)
	for scanner.Scan() {
		if _, err := fmt.Fprintln(sink, strings.ToUpper(scanner.Text())); err != nil {
			return err
		}
	}
	return scanner.Err()
}

func (*lines) First(source io.Reader) (string, error) {
	scanner := bufio.NewScanner(source)
	scanner.Scan()
	return scanner.Text(), scanner.Err()
}

func (l *lines) Log() (io.WriteCloser, error) { return l.log, nil }

func (l *lines) Lines() (io.ReadCloser, error) {
	numbered, w := io.Pipe()
	go func() {
		defer l.logged.Close()
		scanner := bufio.NewScanner(l.logged)
		for number := 1; scanner.Scan(); number++ {
			if _, err := fmt.Fprintln(w, number, scanner.Text()); err != nil {
				return
			}
		}
		w.CloseWithError(scanner.Err())
	}()
	return numbered, nil
}

func main() {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: text.Handshake,
		Plugins: plugin.PluginSet{
			"text": &text.Plugin{New: func() text.Text {
				r, w := io.Pipe()
				return &lines{logged: r, log: w}
			}},
		},
	})
}
