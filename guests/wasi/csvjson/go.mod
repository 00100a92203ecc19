module provasm/guests/csvjson

go 1.27
