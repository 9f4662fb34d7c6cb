// Command host is the twin of ../../host.ts.
//
//	host PLUGIN get KEY
//	host PLUGIN put KEY VALUE
package main

import (
	"fmt"
	"os"
	"os/exec"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"

	"goplug.example/kv/kv"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: kv.Handshake,
		Plugins:         plugin.PluginSet{"kv": &kv.Plugin{}},
		Cmd:             exec.Command(args[0]),
		Logger:          hclog.NewNullLogger(),
	})
	defer client.Kill()
	connection, err := client.Client()
	if err != nil {
		return err
	}
	raw, err := connection.Dispense("kv")
	if err != nil {
		return err
	}
	store := raw.(kv.Store)
	switch {
	case len(args) == 3 && args[1] == "get":
		value, err := store.Get(args[2])
		if err != nil {
			return err
		}
		fmt.Println(string(value))
		return nil
	case len(args) == 4 && args[1] == "put":
		return store.Put(args[2], []byte(args[3]))
	}
	return fmt.Errorf("Please only use 'get' or 'put'")
}
