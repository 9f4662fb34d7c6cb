// Command host is the twin of ../../host.ts. It starts the plugin named on its command line, written in any language.
package main

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"os/exec"
	"strings"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"

	"goplug.example/uploads/upload"
)

func main() {
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: upload.Handshake,
		Plugins:         plugin.PluginSet{"uploads": &upload.Plugin{}},
		Cmd:             exec.Command(os.Args[1], os.Args[2:]...),
		Logger:          hclog.NewNullLogger(),
	})
	defer client.Kill()
	connection, err := client.Client()
	if err != nil {
		log.Panic(err) // Unlike log.Fatal, a panic runs the deferred Kill.
	}
	raw, err := connection.Dispense("uploads")
	if err != nil {
		log.Panic(err)
	}
	service := raw.(upload.Uploads)
	for _, file := range []struct{ name, content string }{
		{"notes.txt", "two pieces"},
		{"game.exe", "MZ"},
		{"empty.txt", ""},
	} {
		fmt.Printf("%s: %s\n", file.name, result(service, file.name, file.content))
	}
}

func result(service upload.Uploads, name, content string) string {
	var replacement bytes.Buffer
	refused, err := service.FileWillBeUploaded(name, strings.NewReader(content), &replacement)
	switch {
	case err != nil:
		return "failed: " + err.Error()
	case refused != "":
		return "refused: " + refused
	default:
		return replacement.String()
	}
}
