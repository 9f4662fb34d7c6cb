package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2/hcldec"
	packersdk "github.com/hashicorp/packer-plugin-sdk/packer"
	"github.com/zclconf/go-cty/cty"
)

// A provisioner that uses all of the communicator, or waits until it is cancelled.
type provisioner struct {
	config map[string]any
}

func (p *provisioner) ConfigSpec() hcldec.ObjectSpec {
	return hcldec.ObjectSpec{
		"path":   &hcldec.AttrSpec{Name: "path", Type: cty.String, Required: true},
		"inline": &hcldec.AttrSpec{Name: "inline", Type: cty.List(cty.String)},
	}
}

func (p *provisioner) Prepare(configs ...any) error {
	p.config = map[string]any{}
	for _, config := range configs {
		switch config := config.(type) {
		case map[string]any:
			for key, value := range config {
				p.config[key] = value
			}
		case map[any]any:
			for key, value := range config {
				p.config[fmt.Sprint(key)] = value
			}
		default:
			return fmt.Errorf("config is a %T", config)
		}
	}
	if _, ok := p.config["path"].(string); !ok {
		return errors.New("path is required")
	}
	return nil
}

func (p *provisioner) Provision(
	ctx context.Context, ui packersdk.Ui, comm packersdk.Communicator, data map[string]any,
) error {
	ui.Say(fmt.Sprintf("data %v", data["key"]))
	if p.config["wait"] == true {
		ui.Say("waiting")
		<-ctx.Done()
		return errors.New("was cancelled")
	}
	path := p.config["path"].(string)
	content := strings.Repeat("0123456789", 50_000)
	if err := comm.Upload(path, strings.NewReader(content), nil); err != nil {
		return err
	}
	var back bytes.Buffer
	if err := comm.Download(path, &back); err != nil {
		return err
	}
	ui.Message(fmt.Sprintf("same %v", back.String() == content))
	var stdout, stderr bytes.Buffer
	cmd := &packersdk.RemoteCmd{
		Command: "wc -c; echo error >&2; exit 3",
		Stdin:   strings.NewReader(content),
		Stdout:  &stdout,
		Stderr:  &stderr,
	}
	if err := comm.Start(ctx, cmd); err != nil {
		return err
	}
	ui.Error(fmt.Sprintf("exit %d, %s, %s", cmd.Wait(), strings.TrimSpace(stdout.String()), strings.TrimSpace(stderr.String())))
	answer, err := ui.Ask("who?")
	ui.Machine("asked", answer, fmt.Sprint(err))
	return nil
}
