// Command recorder runs between a host and a plugin. The host starts it in the place of the plugin, and it starts
// the plugin and passes everything on. When the host has ended, it writes what was sent on each yamux stream to a
// file. Neither side notices it.
//
//	recorder -o FILE -- plugin-command [args]
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

func main() {
	output := flag.String("o", "", "where to write the transcript")
	flag.Parse()
	if *output == "" || flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: recorder -o FILE -- plugin-command [args]")
		os.Exit(2)
	}
	code, err := run(*output, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "recorder:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

func run(output string, command []string) (int, error) {
	plugin := exec.Command(command[0], command[1:]...)
	plugin.Stderr = os.Stderr
	stdout, err := plugin.StdoutPipe()
	if err != nil {
		return 0, err
	}
	// Open until the host has ended. A plugin with -linger waits for its end, and thus is still running when the
	// reply to Quit is sent.
	stdin, err := plugin.StdinPipe()
	if err != nil {
		return 0, err
	}
	if err := plugin.Start(); err != nil {
		return 0, err
	}

	reader := bufio.NewReader(stdout)
	handshake, err := reader.ReadString('\n')
	if err != nil {
		return 0, fmt.Errorf("reading the handshake: %w", err)
	}
	dir, err := os.MkdirTemp("", "recorder")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	socket := filepath.Join(dir, "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return 0, err
	}
	fields := strings.Split(handshake, "|")
	if len(fields) < 4 {
		return 0, fmt.Errorf("the plugin said %q", handshake)
	}
	network, address := fields[2], fields[3]
	fields[2], fields[3] = "unix", socket
	fmt.Print(strings.Join(fields, "|"))
	go func() { _, _ = io.Copy(os.Stdout, reader) }()

	conn, err := listener.Accept()
	if err != nil {
		return 0, err
	}
	listener.Close()
	target, err := net.Dial(network, address)
	if err != nil {
		return 0, err
	}
	var record transcript
	relay(&record, conn, target)

	stdin.Close()
	_ = plugin.Wait() // its exit code becomes ours
	return plugin.ProcessState.ExitCode(), record.write(output)
}

// relay copies in both directions until both have ended. It passes on the end of each direction.
func relay(record *transcript, host, plugin net.Conn) {
	var both sync.WaitGroup
	pump := func(from string, src, dst net.Conn) {
		defer both.Done()
		parser := &frames{from: from, record: record}
		_, _ = io.Copy(io.MultiWriter(parser, dst), src)
		_ = dst.(interface{ CloseWrite() error }).CloseWrite()
	}
	both.Add(2)
	go pump("host", host, plugin)
	go pump("plugin", plugin, host)
	both.Wait()
}
