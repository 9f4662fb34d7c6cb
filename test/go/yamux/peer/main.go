// Command peer is one side of a yamux session that a test controls: it reads a command per line on stdin and writes
// an answer per line on stdout, in any order (see commands.go). It logs to stderr, and ends when stdin ends.
//
//	peer -side server -network unix -listen /tmp/x.sock
//	peer -side client -network tcp -dial 127.0.0.1:4711 -tls
//	peer -new-pem
//
// With -tls the certificate, its key and what to trust come from $PEER_PEM, as -new-pem prints it.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/hashicorp/yamux"
)

var (
	side    = flag.String("side", "server", "of the session: client or server")
	network = flag.String("network", "unix", "unix or tcp")
	listen  = flag.String("listen", "", "address to listen on, for one connection")
	dial    = flag.String("dial", "", "address to dial")
	useTLS  = flag.Bool("tls", false, "TLS over the connection")
	newPEM  = flag.Bool("new-pem", false, "print a certificate and its key, and end")
	config  = flag.String("config", "{}", `fields of yamux.Config that are numbers, times in ms: {"AcceptBacklog":2}`)
)

func main() {
	flag.Parse()
	if *newPEM {
		check(printPEM(os.Stdout))
		return
	}
	settings, err := parseConfig(*config)
	check(err)
	connection, err := connect()
	check(err)
	begin := yamux.Server
	if *side == "client" {
		begin = yamux.Client
	}
	session, err := begin(connection, settings)
	check(err)
	newPeer(session).run()
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

// connect prints the address on which it listens, and then waits for the connection.
func connect() (net.Conn, error) {
	if *dial != "" {
		tell(map[string]any{"address": *dial, "version": yamuxVersion()})
		if *useTLS {
			return dialTLS(*network, *dial)
		}
		return net.Dial(*network, *dial)
	}
	listener, err := net.Listen(*network, *listen)
	if err != nil {
		return nil, err
	}
	tell(map[string]any{"address": listener.Addr().String(), "version": yamuxVersion()})
	connection, err := listener.Accept()
	if err != nil {
		return nil, err
	}
	if *useTLS {
		return serveTLS(connection)
	}
	return connection, nil
}

func yamuxVersion() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/hashicorp/yamux" {
			return module.Version
		}
	}
	return "unknown"
}

// parseConfig sets fields by name, because not all versions have the same fields.
func parseConfig(text string) (*yamux.Config, error) {
	var wanted map[string]int64
	if err := json.Unmarshal([]byte(text), &wanted); err != nil {
		return nil, err
	}
	settings := yamux.DefaultConfig()
	for name, value := range wanted {
		field := reflect.ValueOf(settings).Elem().FieldByName(name)
		switch {
		case !field.IsValid():
			return nil, fmt.Errorf("yamux %s has no %s", yamuxVersion(), name)
		case field.Type() == reflect.TypeFor[time.Duration]():
			field.SetInt(value * int64(time.Millisecond))
		case field.Kind() == reflect.Bool:
			field.SetBool(value != 0)
		case field.CanInt():
			field.SetInt(value)
		default:
			field.SetUint(uint64(value))
		}
	}
	return settings, nil
}
