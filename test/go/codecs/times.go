package main

import (
	"bufio"
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"log"
	"os"
	"time"
)

// A question: the parts of a time, or a text.
type timeQuestion struct {
	Text   string `json:"text"`
	Unix   int64  `json:"unix,string"`
	Nanos  int64  `json:"nanos"`
	Offset *int   `json:"offset"`
}

// What Go makes of the time.
type timeAnswer struct {
	Text string `json:"text"`
	// The bytes, or why there are none.
	Hex       string `json:"hex"`
	JSON      string `json:"json"`
	UnixMilli int64  `json:"unixMilli"`
	IsZero    bool   `json:"isZero"`
	Add       string `json:"add"`
	Error     string `json:"error"`
}

// times answers each line of stdin with a line.
func times() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var question timeQuestion
		if err := json.Unmarshal(lines.Bytes(), &question); err != nil {
			log.Fatal(err)
		}
		print(question.answer())
	}
}

func (q timeQuestion) answer() timeAnswer {
	t := time.Unix(q.Unix, q.Nanos).UTC()
	if q.Offset != nil {
		t = t.In(time.FixedZone("", *q.Offset))
	}
	if q.Text != "" {
		var err error
		if t, err = time.Parse(time.RFC3339Nano, q.Text); err != nil {
			return timeAnswer{Error: err.Error()}
		}
	}
	answer := timeAnswer{Text: t.Format(time.RFC3339Nano), UnixMilli: t.UnixMilli(), IsZero: t.IsZero()}
	// A day and a nanosecond, over the borders of seconds and days.
	answer.Add = t.Add(24*time.Hour + time.Nanosecond).Format(time.RFC3339Nano)
	answer.Hex = textOr(gobBytes(t))
	answer.JSON = textOr(json.Marshal(t))
	return answer
}

func textOr(data []byte, err error) string {
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// gobBytes returns the bytes of a time that gob sends, in hex.
func gobBytes(t time.Time) ([]byte, error) {
	var stream bytes.Buffer
	if err := gob.NewEncoder(&stream).Encode(t); err != nil {
		return nil, err
	}
	data, err := t.MarshalBinary()
	if !bytes.HasSuffix(stream.Bytes(), data) {
		log.Fatalf("gob sends %x for %x", stream.Bytes(), data)
	}
	return []byte(hex.EncodeToString(data)), err
}
