#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Runs a unit test's program, provided that it is what its source says now.

use v5.36;

use Cwd qw(getcwd);

my ($source, $program) = @ARGV;

$program = getcwd . "/$program";

if (system("make -s -q -C t/unit '$program' >/dev/null 2>&1") != 0) {
    say "not ok 1 - $source compiles";
    say '1..1';
    system('make', '-s', '-C', 't/unit', "$program");
    exit 1;
}

exec $program or die "$program: $!\n";
