// Command faulty-plugin goes wrong on demand: `faulty-plugin FAULT PHASE [FLOOD_BYTES]`. The phase says
// when: `start` before the handshake line, `signal` at SIGUSR2, `call` in the method Fault, `quit` when
// Serve has returned.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/hashicorp/go-plugin"

	"goplug.test/peers/internal/peer"
)

// realStdout is the pipe to the host. Serve replaces the variable os.Stdout.
var realStdout, realStderr = os.Stdout, os.Stderr

func argument(i int) string {
	if len(os.Args) > i {
		return os.Args[i]
	}
	return ""
}

var faults = map[string]func(){
	"exit-0":        func() { os.Exit(0) },
	"exit-1":        func() { os.Exit(1) },
	"sigkill":       func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL) },
	"sigstop":       stop,
	"garbage":       func() { fmt.Fprintln(realStdout, "this is no handshake") },
	"half-line":     func() { fmt.Fprint(realStdout, "1|1|un") },
	"long-line":     func() { fmt.Fprintln(realStdout, strings.Repeat("x", 70<<10)) },
	"silence":       func() { time.Sleep(time.Hour) },
	"closed-stdout": func() { _ = realStdout.Close() },
	"grandchild":    holdPipes,
	"flood":         flood,
}

// holdPipes starts a child that keeps our stdout and stderr for a minute.
func holdPipes() {
	child := exec.Command("sleep", "60")
	child.Stdout, child.Stderr = realStdout, realStderr
	if err := child.Start(); err != nil {
		panic(err)
	}
	fmt.Fprintf(realStderr, "grandchild %d\n", child.Process.Pid)
}

// stop waits for the signal to arrive: it may reach another thread first, and this one would go on for a moment.
func stop() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	time.Sleep(time.Minute)
}

func flood() {
	total, _ := strconv.Atoi(argument(3))
	line := `{"@level":"info","@message":"` + strings.Repeat("x", 960) + "\"}\n"
	for sent := 0; sent < total; sent += len(line) {
		fmt.Fprint(realStderr, line)
	}
}

func goWrong() {
	if fault, ok := faults[argument(1)]; ok {
		fault()
	}
	fmt.Fprintln(realStderr, "fault done")
}

type service struct{}

func (service) Fault(_ struct{}, _ *struct{}) error {
	goWrong()
	return nil
}

func (service) Echo(text string, reply *string) error {
	*reply = text
	return nil
}

func main() {
	switch argument(2) {
	case "start":
		goWrong()
	case "signal":
		wanted := make(chan os.Signal, 1)
		signal.Notify(wanted, syscall.SIGUSR2)
		go func() {
			<-wanted
			goWrong()
		}()
	}
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: peer.Handshake,
		Plugins: plugin.PluginSet{"faulty": &peer.Plugin{
			New: func(*plugin.MuxBroker) (any, error) { return service{}, nil },
		}},
	})
	if argument(2) == "quit" {
		goWrong()
	}
}
