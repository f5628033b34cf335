#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A file includes only its own folder and folders of a lower layer, names
# headers with their folder, and an outside library's header is included in
# one place.  What is included is never used behind the includes' back: a
# name of a room is called in its own layer or above.

use v5.36;

use File::Basename qw(dirname);
use Test::More;

chdir dirname(__FILE__) . '/..' or die;

my %layer = (
    base => 0, domain => 1, store => 2, hub => 2, command => 3, courier => 3,
    http => 4, api => 5, module => 6,
);

# where a header from outside may be included: a pattern over our files

my @outside = (
    [ qr{^yajl/}, qr{^base/json_(?:in|out)\.c$} ],
    [ qr{^sodium}, qr{^base/\w+\.c$} ],
    [ qr{^sqlite3}, qr{^store/} ],
    [ qr{^curl/}, qr{^courier/} ],
    [ qr{^ngx_http\.h$}, qr{^(?:http|api|module)/} ],
    [ qr{^ngx_event}, qr{^(?!domain/)} ],
);


# Returns what is wrong with a file's includes, given its path in the module.

sub wrong ($path, $text) {
    my ($room) = $path =~ m{^(\w+)/};
    my @wrong;

    return "\"$room\" is no layer" if !defined $layer{$room // ''};

    $text =~ s{/\*.*?\*/}{}gs;

    while ($text =~ /^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]/mg) {
        my ($quote, $name) = ($1, $2);

        if ($quote eq '<') {
            for (@outside) {
                my ($header, $where) = @$_;
                push @wrong, "<$name> has another place"
                    if $name =~ $header && $path !~ $where;
            }

            next;
        }

        my ($of) = $name =~ m{^(\w+)/\w+\.h$};

        if (!defined $of || !defined $layer{$of}) {
            push @wrong, "\"$name\" lacks its folder";

        } elsif ($of ne $room && $layer{$of} >= $layer{$room}) {
            push @wrong, "\"$name\" is not below $room";
        }
    }

    return @wrong;
}


# each rule can fail

for my $case (
    [ 'domain/a.c', '#include "base/text.h"', 0, 'a lower layer' ],
    [ 'domain/a.c', '#include "domain/b.h"', 0, 'its own folder' ],
    [ 'domain/a.c', '#include "store/b.h"', 1, 'a higher layer' ],
    [ 'store/a.c', '#include "hub/b.h"', 1, 'a neighbour' ],
    [ 'store/a.c', '#include "b.h"', 1, 'no folder' ],
    [ 'store/a.c', ' # include "../api/b.h"', 1, 'a way around' ],
    [ 'domain/a.h', '#include <ngx_http.h>', 1, 'HTTP in the domain' ],
    [ 'command/a.h', '#include <ngx_http.h>', 1, 'HTTP in a command' ],
    [ 'domain/a.c', '#include <ngx_event.h>', 1, 'events in the domain' ],
    [ 'http/a.c', '#include <ngx_http.h>', 0, 'HTTP in its place' ],
    [ 'api/a.c', '#include <sqlite3.h>', 1, 'SQL in the API' ],
    [ 'store/a.c', '#include <sqlite3.h>', 0, 'SQL in the store' ],
    [ 'base/text.c', '#include <yajl/yajl_gen.h>', 1, 'yajl elsewhere' ],
    [ 'base/json_in.h', '#include <yajl/yajl_gen.h>', 1, 'yajl in a header' ],
    [ 'hub/a.c', '#include <sodium.h>', 1, 'sodium elsewhere' ],
    [ 'api/a.c', '#include <curl/curl.h>', 1, 'curl elsewhere' ],
    [ 'domain/a.c', "/*\n#include \"api/b.h\"\n*/", 0, 'only a comment' ],
    [ 'misc/a.c', '', 1, 'a folder that is no layer' ],
) {
    my ($path, $text, $expected, $name) = @$case;
    is(scalar wrong_count($path, $text), $expected, "rule: $name");
}


sub wrong_count { my @wrong = wrong(@_); return scalar @wrong }


# A function that a file defines for others is declared in a header, so a call
# that goes upward needs a name from above: find those as well.

my %file = map { s{^ngx_chat_module/}{}r => slurp($_) }
           glob 'ngx_chat_module/*/*.[ch]';

my %home;

for my $path (grep /\.h$/, keys %file) {
    my $text = $file{$path} =~ s{/\*.*?\*/}{}gsr;
    my ($room) = $path =~ m{^(\w+)/};

    $home{$1} = $room
        while $text =~ /^(?:\w[\w \t\*]*?)\b(ngx_(?:http_)?chat_\w+)\s*\(/mg;
}

for my $path (sort keys %file) {
    my ($room) = $path =~ m{^(\w+)/};
    my $text = $file{$path} =~ s{/\*.*?\*/}{}gsr;
    my @wrong = wrong($path, $file{$path});
    my %upward;

    while ($text =~ /\b(ngx_(?:http_)?chat_\w+)\b/g) {
        my $of = $home{$1} // next;
        $upward{$1} = 1
            if $of ne $room && $layer{$of} >= ($layer{$room} // 0);
    }

    push @wrong, map { "$_() is not below $room" } sort keys %upward;

    is(join("\n", @wrong), '', $path);
}

done_testing();


sub slurp ($path) {
    open my $fh, '<', $path or die "$path: $!\n";
    local $/;
    return readline $fh;
}
