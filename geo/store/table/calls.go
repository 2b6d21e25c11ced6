package table

import (
	"encoding/binary"
	"errors"

	"github.com/aisne-numerique/maillage/geo/transit"
)

// Lists of numbers of timetables, as varints: small numbers take a byte. All are small
// because they are differences.

// numbers reads what append wrote; bad once it did not.
type numbers struct {
	b   []byte
	bad bool
}

func (n *numbers) next() int32 {
	v, k := binary.Varint(n.b)
	if k <= 0 || v != int64(int32(v)) {
		n.b, n.bad = nil, true
		return 0
	}
	n.b = n.b[k:]
	return int32(v)
}

// count is a number of things to come, each of a byte at least.
func (n *numbers) count() int {
	v := int(n.next())
	if v < 0 || v > len(n.b) {
		n.b, n.bad = nil, true
		return 0
	}
	return v
}

// end says whether all was read, and was well.
func (n *numbers) end() error {
	if n.bad || len(n.b) > 0 {
		return errors.New("list of numbers: not as it was written")
	}
	return nil
}

func appendAll(b []byte, values ...int32) []byte {
	for _, v := range values {
		b = binary.AppendVarint(b, int64(v))
	}
	return b
}

// Calls follow each other; of each: its stop, doubled, odd when boarding is not regular; how
// long after the last departure it arrives; how long it stays; then perhaps both ways to board.
func encodeCalls(calls []transit.Call) []byte {
	b := make([]byte, 0, 5*len(calls)+2)
	b = appendAll(b, int32(len(calls)))
	last := int64(0)
	for _, c := range calls {
		odd := int64(0)
		if c.Pickup != transit.Regular || c.Drop != transit.Regular {
			odd = 1
		}
		b = binary.AppendVarint(b, int64(c.Stop)<<1|odd)
		b = binary.AppendVarint(b, int64(c.Arrive)-last)
		b = binary.AppendVarint(b, int64(c.Depart)-int64(c.Arrive))
		if odd == 1 {
			b = append(b, byte(c.Pickup)<<4|byte(c.Drop))
		}
		last = int64(c.Depart)
	}
	return b
}

func decodeCalls(b []byte) ([]transit.Call, error) {
	n := numbers{b: b}
	k := n.count()
	if k == 0 {
		return nil, n.end()
	}
	calls := make([]transit.Call, k)
	last := int64(0)
	for i := range calls {
		var v [3]int64
		for j := range v {
			x, size := binary.Varint(n.b)
			if size <= 0 {
				return nil, errors.New("calls: fewer than were counted")
			}
			v[j], n.b = x, n.b[size:]
		}
		c := &calls[i]
		c.Stop = int32(v[0] >> 1)
		c.Arrive = int32(last + v[1])
		last += v[1] + v[2]
		c.Depart = int32(last)
		if v[0]&1 == 1 {
			if len(n.b) == 0 {
				return nil, errors.New("calls: fewer than were counted")
			}
			c.Pickup, c.Drop, n.b = transit.Boarding(n.b[0]>>4), transit.Boarding(n.b[0]&15), n.b[1:]
		}
	}
	return calls, n.end()
}

// Days are runs: how long after the last one, and how many.
func encodeDays(days []transit.Day) []byte {
	b, last := []byte{}, int64(0)
	for i := 0; i < len(days); {
		k := i + 1
		for k < len(days) && days[k] == days[k-1]+1 && k-i < maxRun {
			k++
		}
		b = binary.AppendVarint(b, int64(days[i])-last)
		b = binary.AppendVarint(b, int64(k-i))
		last = int64(days[k-1])
		i = k
	}
	return b
}

// maxRun is the longest run, so that a damaged list asks for little.
const maxRun = 1000

func decodeDays(b []byte) (days []transit.Day, err error) {
	last := int64(0)
	for len(b) > 0 {
		gap, k := binary.Varint(b)
		run, m := binary.Varint(b[max(k, 0):])
		if k <= 0 || m <= 0 || run < 1 || run > maxRun {
			return nil, errors.New("days: not as they were written")
		}
		b = b[k+m:]
		first := last + gap
		for d := range run {
			days = append(days, transit.Day(first+d))
		}
		last = first + run - 1
	}
	return days, nil
}

func encodeFrequencies(list []transit.Frequency) any {
	if len(list) == 0 {
		return nil
	}
	b := appendAll(nil, int32(len(list)))
	for _, f := range list {
		exact := int32(0)
		if f.Exact {
			exact = 1
		}
		b = appendAll(b, f.Start, f.End, f.Headway, exact)
	}
	return b
}

func decodeFrequencies(b []byte) ([]transit.Frequency, error) {
	if b == nil {
		return nil, nil
	}
	n := numbers{b: b}
	list := make([]transit.Frequency, n.count())
	for i := range list {
		list[i] = transit.Frequency{Start: n.next(), End: n.next(), Headway: n.next(), Exact: n.next() == 1}
	}
	return list, n.end()
}

func encodeTransfers(list []transit.Transfer) any {
	if len(list) == 0 {
		return nil
	}
	b := appendAll(nil, int32(len(list)))
	for _, t := range list {
		b = appendAll(b, t.From, t.To, t.FromLine, t.ToLine, t.FromTrip, t.ToTrip, int32(t.Type), t.MinSeconds)
	}
	return b
}

func decodeTransfers(b []byte) ([]transit.Transfer, error) {
	if b == nil {
		return nil, nil
	}
	n := numbers{b: b}
	list := make([]transit.Transfer, n.count())
	for i := range list {
		list[i] = transit.Transfer{From: n.next(), To: n.next(), FromLine: n.next(), ToLine: n.next(),
			FromTrip: n.next(), ToTrip: n.next(), Type: uint8(n.next()), MinSeconds: n.next()}
	}
	return list, n.end()
}

func encodeStops(list []int32) any {
	if len(list) == 0 {
		return nil
	}
	return appendAll(appendAll(nil, int32(len(list))), list...)
}

func decodeStops(b []byte) ([]int32, error) {
	if b == nil {
		return nil, nil
	}
	n := numbers{b: b}
	list := make([]int32, n.count())
	for i := range list {
		list[i] = n.next()
	}
	return list, n.end()
}
