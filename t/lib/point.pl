#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A command that succeeds or fails, as one point of TAP.

use v5.36;

my $output = do {
    open my $in, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', @ARGV
        or die "$ARGV[0]: $!\n";
    local $/;
    my $text = readline $in;

    # a handle that only goes out of scope leaves no status
    close $in;
    $text;
};

print map { "# $_\n" } split /\n/, $output // '' if $?;
say $? ? 'not ok' : 'ok', " 1 - @ARGV";
say '1..1';

exit !!$?;
