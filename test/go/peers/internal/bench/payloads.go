package bench

import "fmt"

// Post is a record as plugins of a chat server pass around: thirty fields, most of them short.
type Post struct {
	ID, UserID, ChannelID, RootID, OriginalID    string
	CreateAt, UpdateAt, EditAt, DeleteAt         int64
	Message, Type, Hashtags, PendingID           string
	IsPinned, HasReactions, IsFollowing, IsEmpty bool
	Props                                        map[string]interface{}
	FileIDs, Participants                        []string
	ReplyCount, LastReplyAt, Priority            int64
	Ratio, Score                                 float64
	Locale, Client, RemoteID, Summary            string
	Flags                                        uint32
}

// Payloads are the values that the gob benchmarks encode and decode, by letter:
//
//	a  a Record          b  1,000 Records        c  map[string]string of 100
//	d  a Post            e  1 MiB of bytes       f  10,000 float64
//	g  10,000 int64, most of them small, a ninth of seven bytes
func Payloads() map[string]any {
	records := make([]Record, 1000)
	for i := range records {
		records[i] = Sample
		records[i].ID += int64(i)
		records[i].Name = fmt.Sprintf("record %d", i)
	}
	words := map[string]string{}
	for i := range 100 {
		words[fmt.Sprintf("key-%d", i)] = fmt.Sprintf("value number %d", i)
	}
	floats := make([]float64, 10000)
	numbers := make([]int64, 10000)
	for i := range floats {
		floats[i] = float64(i) * 1.1
		numbers[i] = int64(i % 200)
		if i%9 == 0 {
			numbers[i] = int64(i) << 36
		}
	}
	return map[string]any{
		"a": Sample, "b": records, "c": words, "d": post, "e": Pattern()[:1<<20], "f": floats, "g": numbers,
	}
}

var post = Post{
	ID: "8xk3p7q1t9bzfjw5m2c6y4hr0a", UserID: "q1t9bzfjw5m2c6y4hr0a8xk3p7", ChannelID: "bzfjw5m2c6y4hr0a8xk3p7q1t9",
	CreateAt: 1683356889123, UpdateAt: 1683356890456, Message: "The quick brown fox jumps over the lazy dog, twice.",
	Hashtags: "#fox #dog", PendingID: "w5m2c6y4hr0a8xk3p7q1t9bzfj", HasReactions: true, IsFollowing: true,
	Props: map[string]interface{}{
		"from_webhook": "true", "override_username": "fox", "count": 3, "ratio": 0.5, "disabled": false,
	},
	FileIDs: []string{"y4hr0a8xk3p7q1t9bzfjw5m2c6", "m2c6y4hr0a8xk3p7q1t9bzfjw5"}, Participants: []string{"fox", "dog"},
	ReplyCount: 2, LastReplyAt: 1683356899999, Ratio: 0.75, Score: 12.5, Locale: "en", Client: "web", Flags: 1 << 16,
}
