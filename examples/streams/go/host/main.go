// Command host is the twin of ../../host.ts. It starts the plugin named on its command line, written in any language,
// and exchanges streams with it.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"strings"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"

	"goplug.example/streams/text"
)

func main() {
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: text.Handshake,
		Plugins:         plugin.PluginSet{"text": &text.Plugin{}},
		Cmd:             exec.Command(os.Args[1], os.Args[2:]...),
		Logger:          hclog.NewNullLogger(),
	})
	defer client.Kill()
	if err := exchange(client); err != nil {
		log.Panic(err) // Unlike log.Fatal, a panic runs the deferred Kill.
	}
}

func exchange(client *plugin.Client) error {
	connection, err := client.Client()
	if err != nil {
		return err
	}
	raw, err := connection.Dispense("text")
	if err != nil {
		return err
	}
	service := raw.(text.Text)

	// The plugin reads from us and writes to us.
	source := strings.NewReader("from the host\nand back\n")
	if err := service.Upper(source, os.Stdout); err != nil {
		return err
	}

	// An endless source. The plugin closes it after the first line.
	endless := ticks()
	defer endless.Close()
	first, err := service.First(endless)
	if err != nil {
		return err
	}
	fmt.Println("first:", first)

	// The other direction: we write to the plugin and read from it.
	log, err := service.Log()
	if err != nil {
		return err
	}
	lines, err := service.Lines()
	if err != nil {
		return err
	}
	defer lines.Close()
	fmt.Fprintln(log, "one")
	fmt.Fprintln(log, "two")
	if err := log.Close(); err != nil {
		return err
	}
	_, err = io.Copy(os.Stdout, lines)
	return err
}

func ticks() io.ReadCloser {
	r, w := io.Pipe()
	go func() {
		for tick := 1; ; tick++ {
			if _, err := fmt.Fprintln(w, "tick", tick); err != nil {
				return
			}
		}
	}()
	return r
}
