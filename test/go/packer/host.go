package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"

	packersdk "github.com/hashicorp/packer-plugin-sdk/packer"
	"github.com/hashicorp/packer-plugin-sdk/plugin"
	"github.com/hashicorp/packer-plugin-sdk/rpc"
)

// host does what Packer's core does with a provisioner.
func host(command []string) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), plugin.MagicCookieKey+"="+plugin.MagicCookieValue)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	check(err)
	check(cmd.Start())
	defer func() {
		cmd.Process.Kill()
		cmd.Wait()
	}()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	check(err)
	parts := strings.SplitN(strings.TrimSpace(line), "|", 4)
	report("line", strings.Join(parts[:3], "|"), nil)
	conn, err := net.Dial(parts[2], parts[3])
	check(err)
	client, err := rpc.NewClient(conn)
	check(err)
	provisioner := client.Provisioner()

	spec := provisioner.ConfigSpec()
	names := map[string]string{}
	for name, attribute := range spec {
		names[name] = fmt.Sprintf("%#v", attribute)
	}
	report("spec", names, nil)
	report("prepare without path", nil, provisioner.Prepare(map[string]any{}))
	path := os.Getenv("TMPDIR") + "/provisioned"
	config := map[string]any{"path": path, "content": "from Go", "inline": []string{"cat", "exit 4"}}
	report("prepare", nil, provisioner.Prepare(config, map[string]any{"packer_build_name": "x"}))
	data := map[string]any{"ID": "x"}
	report("provision", nil, provisioner.Provision(context.Background(), &ui{}, &local{}, data))
	content, err := os.ReadFile(path)
	report("uploaded", string(content), err)
	os.Remove(path)

	report("prepare to wait", nil, provisioner.Prepare(map[string]any{"path": path, "inline": []string{"sleep 60"}}))
	ctx, cancel := context.WithCancel(context.Background())
	started := time.Now()
	// After the first Message, when the command runs.
	err = provisioner.Provision(ctx, &ui{onMessage: cancel}, &local{}, data)
	report("cancel", time.Since(started) < 20*time.Second, err)
	os.Remove(path)
}

type ui struct {
	packersdk.MockUi
	onMessage func()
}

func (u *ui) Say(text string)   { report("say", text, nil) }
func (u *ui) Error(text string) { report("error", text, nil) }
func (u *ui) Message(text string) {
	report("message", text, nil)
	if u.onMessage != nil {
		u.onMessage()
	}
}

// local is a communicator for this machine.
type local struct{ packersdk.MockCommunicator }

func (*local) Start(ctx context.Context, remote *packersdk.RemoteCmd) error {
	cmd := exec.Command("sh", "-c", remote.Command)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = remote.Stdin, remote.Stdout, remote.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() {
		cmd.Wait()
		remote.SetExited(cmd.ProcessState.ExitCode())
	}()
	return nil
}

func (*local) Upload(path string, from io.Reader, _ *os.FileInfo) error {
	content, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

func (*local) Download(path string, to io.Writer) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	_, err = to.Write(content)
	return err
}

func report(step string, value any, err error) {
	line := map[string]any{"step": step, "value": value}
	if err != nil {
		line = map[string]any{"step": step, "error": err.Error()}
	}
	text, err := json.Marshal(line)
	check(err)
	fmt.Println(string(text))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
