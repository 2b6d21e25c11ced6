package osm

import "google.golang.org/protobuf/encoding/protowire"

// field is one field of a protocol buffer message: a number or bytes.
type field struct {
	num    protowire.Number
	varint uint64
	bytes  []byte
}

// eachField reads a message field by field; those of other wire types are passed
// over. The error is errPBF when data is no message.
func eachField(data []byte, use func(field) error) error {
	for len(data) > 0 {
		num, typ, n := protowire.ConsumeTag(data)
		if n < 0 {
			return errPBF
		}
		data = data[n:]
		f := field{num: num}
		switch typ {
		case protowire.VarintType:
			f.varint, n = protowire.ConsumeVarint(data)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(data)
		default:
			n = protowire.ConsumeFieldValue(num, typ, data)
		}
		if n < 0 {
			return errPBF
		}
		data = data[n:]
		if typ != protowire.VarintType && typ != protowire.BytesType {
			continue
		}
		if err := use(f); err != nil {
			return err
		}
	}
	return nil
}
