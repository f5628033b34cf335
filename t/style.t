#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# What a program can hold of the style of nginx, over our C files.

use v5.36;

use File::Basename qw(dirname);
use Test::More;

chdir dirname(__FILE__) . '/..' or die;

use constant {
    COLUMNS        => 80,
    FILE_LINES     => 600,
    FUNCTION_LINES => 60,
};

# calls that have no place here, and why

my @banned = (
    [ qr/\bassert\s*\(/, 'neither input nor memory is asserted' ],
    [ qr/\b(?:v?sprintf|strcpy|strcat|strncpy|gets)\s*\(/, 'it knows no bound' ],
    [ qr/\bngx_notify\s*\(/, 'its one handler is shared: use base/wakeup.h' ],
    [ qr/\b(?:TODO|FIXME|XXX|HACK)\b/, 'unfinished' ],
    [ qr/\bngx_log_debug\d\s*\([^;]*?\bngx_cycle->log/s,
      'the context is lost: log on the request\'s or the job\'s log' ],
);


# Returns what is wrong, each with its line.  The contract of a file may stand
# in its header.

sub wrong ($text, %is) {
    my @wrong = (lines($text), head($text, %is), calls($text),
                 functions($text));

    push @wrong, 'no include guard'
        if $is{header} && $text !~ /^#ifndef (\w+)\n#define \1$/m;

    return @wrong;
}


sub lines ($text) {
    my ($n, @wrong) = (0);
    my @lines = split /\n/, $text, -1;

    push @wrong, 'no newline at the end' if pop @lines ne '';
    push @wrong, scalar(@lines) . ' lines' if @lines > FILE_LINES;

    for (@lines) {
        $n++;
        my $plain = s/"(?:[^"\\]|\\.)*"/""/gr;

        push @wrong, "$n: longer than 80 columns" if length > COLUMNS;
        push @wrong, "$n: a tab" if /\t/;
        push @wrong, "$n: a blank at the end" if / $/;
        push @wrong, "$n: a // comment" if $plain =~ m{(?<!:)//};
        push @wrong, "$n: NULL by !" if $plain =~ /\b(?:NULL)\s*[!=]=\s/;
        push @wrong, "$n: } else {" if $plain =~ /^\s*\} else\b/
            && $n > 1 && $lines[$n - 2] ne '' && $lines[$n - 2] !~ /^#/;
    }

    return @wrong;
}


# A licence line, and what the file is for, before anything else.

sub head ($text, %is) {
    my ($before) = $text =~ /^(.*?)^#[ \t]*include/ms;
    my $comments = join "\n", ($before // $text) =~ m{^/\*(.*?)\*/}gms;
    my @wrong;

    push @wrong, 'no copyright'
        if $comments !~ s/^ \* Copyright \(C\) .*$//m;

    push @wrong, 'no contract at the head'
        if !$is{told} && $comments !~ /\w{2,}.*\w{2,}/;

    return @wrong;
}


sub calls ($text) {
    my $plain = without_comments($text);
    my @wrong;

    for (@banned) {
        my ($pattern, $why) = @$_;
        my $where = $why eq 'unfinished' ? $text : $plain;

        while ($where =~ /$pattern/g) {
            my $line = 1 + (substr($where, 0, $-[0]) =~ tr/\n//);
            push @wrong, "$line: " . ($& =~ s/\s.*//sr) . ": $why";
        }
    }

    return @wrong;
}


# the same lines, so that numbers stay right

sub without_comments ($text) {
    return $text =~ s{/\*.*?\*/}{ $& =~ s/[^\n]//gr }gser;
}


# A function starts with its name in the first column, after a line with its
# type, and ends with a brace in the first column.

sub functions ($text) {
    my @lines = split /\n/, without_comments($text);
    my @given = split /\n/, $text;
    my @wrong;

    for my $n (0 .. $#lines) {
        next if $lines[$n] ne '{';

        my ($end) = grep { $lines[$_] =~ /^\}/ } $n .. $#lines;
        next if !defined $end;

        my $start = $n;
        $start-- while $start > 0 && $lines[$start - 1] =~ /^[\w\s]*\S/
                       && $lines[$start - 1] !~ /^(?:[}#]|.*;$)/;

        my ($at) = grep { $lines[$_] =~ /^\w+\(/ } $start .. $n;

        if (!defined $at) {
            push @wrong, $start + 1 . ': a type and a name on one line'
                if "@lines[$start .. $n]" =~ /^\w[\w ]*[ *]\w+\(/;
            next;
        }

        my ($name) = $lines[$at] =~ /^(\w+)/;
        my $length = $end - $n - 1;

        push @wrong, $n + 1 . ": $name() has $length lines"
            if $length > FUNCTION_LINES;

        push @wrong, $at + 1 . ": $name() has no type" if $at == $start;
        push @wrong, before($name, $start, \@given);
    }

    return @wrong;
}


# two blank lines before the type, or before the comment that is above it

sub before ($name, $type, $given) {
    my $at = $type - 1;

    return if $at < 1;
    return if $given->[$at] =~ /^#/;

    # a comment, set off by one blank line or none

    if ($given->[$at] eq '' && $given->[$at - 1] =~ m{\*/$}) {
        $at--;
    }

    if ($given->[$at] =~ m{\*/$}) {
        $at-- while $at > 0 && $given->[$at] !~ m{^\s*/\*};
        $at--;
    }

    return if $given->[$at] =~ /^#/;
    return if $at > 0 && $given->[$at] eq '' && $given->[$at - 1] eq ''
              && ($at < 2 || $given->[$at - 2] ne '');

    # after a conditional, the blank lines may stand before that

    return if $given->[$at] eq '' && $given->[$at - 1] =~ /^#/;

    return $type + 1 . ": two blank lines before $name()";
}


# each rule can fail

my $head = <<'C';

/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Adds numbers.  Called by anyone.
 */


#include <ngx_config.h>
C

my $good = <<'C';


static ngx_int_t
ngx_chat_a(ngx_int_t n)
{
    if (n) {
        return n;

    } else {
        return 1;
    }
}


/* what b is for */

ngx_int_t
ngx_chat_b(ngx_int_t n,
    ngx_int_t m)
{
    return n;
}


/*
 * A longer one.
 */
ngx_int_t
ngx_chat_c(void)
{
    return 1;
}
C

is_deeply([ wrong($head . $good) ], [], 'rule: what is right is right');

for my $case (
    [ 'a long line', sub { s/return 1;/'return ' . '1' x 80 . ';'/er },
      qr/columns/ ],
    [ 'a tab', sub { s/    return n/\treturn n/r }, qr/a tab/ ],
    [ 'a trailing blank', sub { s/return 1;/return 1; /r }, qr/a blank/ ],
    [ 'a // comment', sub { s!return 1;!return 1; // one!r }, qr/comment/ ],
    [ 'one blank line', sub { s/\}\n\n\n/}\n\n/r }, qr/two blank lines/ ],
    [ 'three blank lines', sub { s/\}\n\n\n/}\n\n\n\n/r },
      qr/two blank lines/ ],
    [ 'one before a comment', sub { s/\n\n\n(?=\/\* what)/\n\n/r },
      qr/two blank lines/ ],
    [ 'a type on the line', sub { s/ngx_int_t\nngx_chat_c/ngx_int_t ngx_chat_c/r },
      qr/type/ ],
    [ 'a long file', sub { $_ . "\n" x 600 }, qr/\d+ lines/ ],
    [ 'a long function', sub { s!    return 1;\n\}\n\z!"    f();\n" x 61 . "}\n"!er },
      qr/ngx_chat_c\(\) has 61 lines/ ],
    [ 'no copyright', sub { s/Copyright/Written/r }, qr/copyright/ ],
    [ 'no contract', sub { s{ \* Adds.*?\n}{ *\n}r },
      qr/contract/ ],
    [ 'an assertion', sub { s/return 1/assert(n); return 1/r }, qr/assert/ ],
    [ 'sprintf()', sub { s/return 1/sprintf(s, n); return 1/r }, qr/sprintf/ ],
    [ 'strcpy()', sub { s/return 1/strcpy(s, n); return 1/r }, qr/strcpy/ ],
    [ 'ngx_notify()', sub { s/return 1/ngx_notify(n)/r }, qr/handler/ ],
    [ 'unfinished', sub { s/return 1;/return 1;  \/* TODO *\//r },
      qr/unfinished/ ],
    [ 'NULL first', sub { s/if \(n\)/if (NULL == n)/r }, qr/NULL/ ],
    [ 'else without a blank line', sub { s/\n\n    \} else/\n    } else/r },
      qr/else/ ],
    [ 'no end of line', sub { s/\n\z//r }, qr/no newline/ ],
) {
    my ($name, $spoil, $pattern) = @$case;
    my $text = $head . $good;
    my $spoilt = do { local $_ = $text; $spoil->() };

    die "$name: nothing was spoilt" if $spoilt eq $text;

    like(join("\n", wrong($spoilt)), $pattern, "rule: $name");
}

is_deeply([ wrong($head, header => 1) ], ['no include guard'],
          'rule: an include guard');

# and each file

for my $path (sort glob 'ngx_chat_module/*/*.[ch] t/unit/*.[ch]'
                        . ' t/unit/*/*.c t/fuzz/*.c'
                        . ' t/bench/*.[ch] t/bench/*/*.[ch]')
{
    open my $fh, '<:encoding(UTF-8)', $path or die "$path: $!\n";
    my $text = do { local $/; readline $fh };

    my %is = (
        header => scalar($path =~ /\.h$/),
        told   => $path =~ /\.c$/ && -e ($path =~ s/c$/h/r),
    );

    my @wrong = $path =~ m{^ngx_chat_module/} ? wrong($text, %is)
                                              : lines($text);

    is(join("\n", @wrong), '', $path);
}

done_testing();
