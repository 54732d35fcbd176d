module fawkes.example/lab/language-python

go 1.21

require github.com/pulumi/pulumi/sdk/v3 v3.78.0
