// Csvjson turns the CSV (RFC 4180) of standard input into JSON lines: an object for every row, with the first row's
// fields as its keys.
//
//	csvjson [-t]
//
// With -t, tabs separate the fields. It ends with 1 if the text is not CSV, and with 2 if it is called in another way.
//
// Packages fmt and encoding/csv would add a quarter to the module, and opening a file a twentieth, so it does without
// them.
package main

import (
	"errors"
	"io"
	"os"
	"unicode/utf8"
)

func main() {
	separator := byte(',')
	if len(os.Args) == 2 && os.Args[1] == "-t" {
		separator = '\t'
	} else if len(os.Args) > 1 {
		fail(2, "usage: csvjson [-t]")
	}
	text, err := io.ReadAll(os.Stdin)
	var lines []byte
	if err == nil {
		lines, err = csv{separator}.convert(text)
	}
	if err == nil {
		_, err = os.Stdout.Write(lines)
	}
	if err != nil {
		fail(1, "csvjson: "+err.Error())
	}
}

func fail(code int, message string) {
	os.Stderr.WriteString(message + "\n")
	os.Exit(code)
}

var (
	errQuote  = errors.New("a quote is out of place")
	errFields = errors.New("a row has another number of fields than the first")
)

type csv struct {
	separator byte
}

func (csv csv) convert(text []byte) ([]byte, error) {
	var keys [][]byte
	var lines []byte
	for len(text) > 0 {
		fields, rest, err := csv.row(text)
		if err != nil {
			return nil, err
		}
		text = rest
		if keys == nil {
			keys = fields
			continue
		}
		if len(fields) != len(keys) {
			return nil, errFields
		}
		for i, key := range keys {
			lines = append(lines, "{,"[min(i, 1)])
			lines = appendString(lines, key)
			lines = append(lines, ':')
			lines = appendString(lines, fields[i])
		}
		lines = append(lines, "}\n"...)
	}
	return lines, nil
}

// row takes a row off the text.
func (csv csv) row(text []byte) (fields [][]byte, rest []byte, err error) {
	for {
		field, end, err := csv.field(text)
		if err != nil {
			return nil, nil, err
		}
		fields = append(fields, field)
		text = text[end:]
		if len(text) > 0 && text[0] == csv.separator {
			text = text[1:]
			continue
		}
		if len(text) > 0 && text[0] == '\r' {
			text = text[1:]
		}
		if len(text) > 0 && text[0] == '\n' {
			text = text[1:]
		}
		return fields, text, nil
	}
}

// field gives the text's first field and where it ends: before a separator, the row's end or the text's.
func (csv csv) field(text []byte) (field []byte, end int, err error) {
	if len(text) == 0 || text[0] != '"' {
		for end < len(text) && !csv.endsField(text[end:]) {
			if text[end] == '"' {
				return nil, 0, errQuote
			}
			end++
		}
		return text[:end], end, nil
	}
	for end = 1; end < len(text); end++ {
		if text[end] == '"' {
			end++
			if end == len(text) || csv.endsField(text[end:]) {
				return field, end, nil
			}
			if text[end] != '"' {
				break
			}
		}
		field = append(field, text[end])
	}
	return nil, 0, errQuote
}

func (csv csv) endsField(text []byte) bool {
	return text[0] == csv.separator || text[0] == '\n' || (text[0] == '\r' && len(text) > 1 && text[1] == '\n')
}

// appendString appends a JSON string. A byte that is not UTF-8 becomes the replacement character.
func appendString(to, text []byte) []byte {
	const hex = "0123456789abcdef"
	to = append(to, '"')
	for len(text) > 0 {
		char, size := utf8.DecodeRune(text)
		text = text[size:]
		switch {
		case char == '"' || char == '\\':
			to = append(to, '\\', byte(char))
		case char == '\n':
			to = append(to, `\n`...)
		case char < ' ':
			to = append(to, '\\', 'u', '0', '0', hex[char>>4], hex[char&15])
		default:
			to = utf8.AppendRune(to, char)
		}
	}
	return append(to, '"')
}
