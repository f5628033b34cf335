#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The documents say what the code does: directives and their defaults, routes
# and problem types of the API, bounds and where they stand, and every link
# leads somewhere.

use v5.36;
use utf8;

use File::Basename qw(dirname);
use List::Util qw(uniq);
use Test::More;
use YAML::XS ();

binmode(Test::More->builder->$_, ':encoding(UTF-8)')
    for qw(output failure_output todo_output);

chdir dirname(__FILE__) . '/..' or die;

my $module = slurp('ngx_chat_module/module/module.c');
my $conf = join '', map { slurp($_) } glob 'ngx_chat_module/http/conf*.c';
my $reply = slurp('ngx_chat_module/http/reply.c');
my $api = YAML::XS::LoadFile('docs/api.yaml');

directives(slurp('docs/directives.md'));
routes($api);
problems($api->{info}{description});
bounds(slurp('docs/architecture.md'));
sources('docs/architecture.md', 'docs/security.md', 'README.md');
tests('docs/security.md');
links(grep { !/^(?:build|static)\// } glob '*.md docs/*.md');
examples(slurp('README.md'));
overview(slurp('README.md'), slurp('docs/directives.md'));

done_testing();


# directives

sub directives ($text) {
    my %command = commands();
    my %section = $text =~ /^### (\w+)\n(.*?)(?=^### |\z)/msg;

    cmp_ok(scalar keys %command, '>', 5, 'the command table is read');

    same([keys %section], [keys %command], 'directives: all are documented');
    same([$text =~ /^\| \[(\w+)\]\(#\g1\) \|/mg], [keys %command],
         'directives: all are in the overview');

    for my $name (sort keys %command) {
        directive($name, $command{$name}, $section{$name} // next);
    }
}


# name => { flags, field, post } from the table in module.c

sub commands {
    my ($table) = $module =~ /ngx_http_chat_commands\[\] = \{(.*?)^\};/ms;
    my %command;

    while ($table =~ /\{ \s* ngx_string\("(\w+)"\), \s* ([\w|\s]+?), \s*
                      (\w+), \s* \w+, \s* (?:0|offsetof\(\w+, \s*(\w+)\)), \s*
                      (NULL|&\w+) \s* \}/xg)
    {
        $command{$1} = { flags => $2, set => $3, field => $4, post => $5 };
    }

    my @named = $table =~ /ngx_string\("(\w+)"\)/g;
    same([keys %command], \@named, 'directives: the whole table is read');

    return %command;
}


sub directive ($name, $command, $text) {
    like($text, qr/\A\n\*\*Syntax:\*\*\ \*\*`\Q$name\E`\*\*(?:\ _`.+`_)?\n\n
                   \*\*Default:\*\*\ .+\n\n
                   \*\*Context:\*\*\ .+\n\n
                   _This\ directive\ appeared\ in\ version\ [\d.]+\._\n\n\S/x,
         "$name: in the form of a reference")
        or return;

    my ($syntax) = $text =~ /^\*\*Syntax:\*\* (.*)$/m;
    my ($default) = $text =~ /^\*\*Default:\*\* (.*)$/m;
    my ($context) = $text =~ /^\*\*Context:\*\* (.*)$/m;

    my %where = (MAIN => 'http', SRV => 'server', LOC => 'location',
                 LIF => 'if in location');

    is($context, join(', ', map { $where{$_} }
                      grep { $command->{flags} =~ /NGX_HTTP_${_}_CONF/ }
                      qw(MAIN SRV LOC LIF)), "$name: context");

    my $arguments = $command->{flags} =~ /NGX_CONF_(\w+)/ ? $1 : '';

    is($syntax =~ / \.\.\.`_/ ? '1MORE' : $syntax =~ /_/ && $syntax =~ /_`/
       ? 'TAKE1' : 'NOARGS', $arguments =~ s/^FLAG$/TAKE1/r, "$name: arguments");

    my $coded = default_of($name, $command);

    $coded = 'off' if $coded eq '—' && $syntax =~ /_`off`_/;

    is(value($default), $coded, "$name: default");

    if ($command->{post} =~ /^&(\w+_bounds)$/) {
        my ($low, $high) = $conf =~ /\b$1 = \{\s*\w+, (\d+), (\d+)/;
        like($text, qr/\b$low to $high\b/, "$name: bounds");
    }

    if ($command->{set} =~ /^ngx_(?:conf_set_enum|http_chat_metrics)_slot$/) {
        my ($name_of) = $command->{post} =~ /^&(\w+)$/;
        my ($table) = $conf =~ /\b$name_of\[\] = \{(.*?)^\};/ms;
        same([$syntax =~ /_`(\w+)`_/g], [$table =~ /ngx_string\("(\w+)"\)/g],
             "$name: values");
    }
}


# what init and merge say of a field, as a plain value

sub default_of ($name, $command) {
    my $field = $command->{field} // $name =~ s/^chat_//r;

    return '—' if $name eq 'chat';

    my ($code) = $conf =~ /ngx_conf_(?:init|merge)_(?:\w+_)?value\(\w+->$field,
                           (?:\s*prev->$field,)? \s* ([^;]+?)\);/x;

    # a value with variables, which has none but its parent's

    return '—' if $conf =~ /if\ \(conf->$field\ ==\ NULL\)\ \{
                            \s+conf->$field\ =\ prev->$field;/x;

    return $code ? 'on' : 'off' if $command->{set} eq 'ngx_conf_set_flag_slot';

    ($code) = $conf =~ /ngx_str_set\(&mcf->$field->name, (\w+)\)/
        if !defined $code;

    return "no default of $field in conf.c" if !defined $code;
    return '—' if $code eq 'NULL' || $code eq '""';
    return $1 if $code =~ /^"(.*)"$/;

    # a macro of configure, a value of an enumeration, a macro of conf.c

    return 'compiled in' if $code eq 'NGX_CHAT_ASSETS';

    if ($conf =~ /ngx_string\("(\w+)"\), $code \}/) {
        return $1;
    }

    if ($conf =~ /^#define \Q$code\E\s+(.+)$/m) {
        $code = $1;
        return $1 if $code =~ /^"(.*)"$/;
    }

    return product($code);
}


# "32m", "25s" and "7d" as the code has them: bytes, ms, s

sub value ($text) {
    my %unit = (k => 1024, m => 1024 ** 2, s => 1000, d => 86400);

    return $text =~ /^(\d+)([kmsd])$/ ? $1 * $unit{$2} : $text;
}


sub product ($code) {
    return $code if $code !~ /^\(?[\d *]+\)?$/;

    my $value = 1;
    $value *= $_ for $code =~ /\d+/g;

    return $value;
}


# the API

sub routes ($api) {
    my (@coded, @said);

    for my $path (glob 'ngx_chat_module/api/*.c') {
        my $text = slurp($path);

        push @coded, "$1 /$2" =~ s/:id/{id}/gr
            while $text =~ /\{ NGX_HTTP_([A-Z]+), ngx_string\("([^"]+)"\)/g;
    }

    # what has a server of its own is not in the tables

    for my $path (grep { !$api->{paths}{$_}{servers} }
                  keys %{ $api->{paths} })
    {
        push @said, uc($_) . " $path"
            for grep { /^(?:get|post|put|patch|delete)$/ }
                keys %{ $api->{paths}{$path} };
    }

    cmp_ok(scalar @coded, '>', 20, 'the tables of routes are read');
    same(\@said, \@coded, 'routes: api.yaml and the tables are the same');
}


sub problems ($text) {
    my @coded = $reply =~ /\{ (\d{3}), ("urn:ngx-chat:[a-z-]+")/g;
    my @said = $text =~ /^\s*- (\d{3}) `([a-z-]+)`/mg;
    my (%coded, %said);

    while (my ($status, $type) = splice @coded, 0, 2) {
        $coded{ $type =~ /([a-z-]+)"$/ ? "$status $1" : $type } = 1;
    }

    while (my ($status, $type) = splice @said, 0, 2) {
        $said{"$status $type"} = 1;
    }

    cmp_ok(scalar keys %coded, '>', 10, 'the table of problems is read');
    same([keys %said], [keys %coded], 'problems: api.yaml has each type');
}


# A row that says where a bound stands, "`NAME` in `room/file.c`", begins with
# what is bounded and the number: "512", "64 KiB", "25 s".

sub bounds ($text) {
    my $n = 0;

    while ($text =~ /^\| ([^|]+) \| ([^|]+) \| `(\w+)` in `([\w\/.]+)` \|/mg) {
        my ($what, $said, $name, $file) = ($1, $2, $3, $4);
        my $path = "ngx_chat_module/$file";

        $n++;

        my $code = -e $path && slurp($path)
                   =~ /^#define +\Q$name\E +(\(?[\w *]+?\)?)\s*(?:\/\*|$)/m
                   ? $1 : undef;

        ok(defined $code, "bound of $what: $name is in $file") or next;

        my $value = product($code);
        my ($number) = $said =~ /^(\d+)/;
        my $unit = $said =~ /^\d+ (KiB|MiB|s|ms|min|h)\b/ ? $1 : '';

        my %factor = (KiB => [1024], MiB => [1024 ** 2], s => [1, 1000],
                      ms => [1], min => [60, 60_000], h => [3600, 3_600_000]);

        ok((grep { ($number // -1) * $_ == $value } @{ $factor{$unit} // [1] }),
           "bound of $what: $said") or diag("the code says $code");
    }

    cmp_ok($n, '>', 15, 'bounds: there is a table of them');
}


# a source file that is named is there

sub sources (@documents) {
    my $rooms = join '|', map { s{.*/}{}r } glob 'ngx_chat_module/*';

    for my $document (@documents) {
        my @gone = grep { !-e "ngx_chat_module/$_" }
                   uniq slurp($document) =~ m{`((?:$rooms)/\w+\.[ch])`}g;

        is("@gone", '', "$document: names files that are there");
    }
}


# a test that is named is there, and each row of a defence names one

sub tests ($document) {
    my $text = slurp($document);
    my @named = uniq $text =~ m{`(t/[\w./-]+)`}g;

    cmp_ok(scalar @named, '>', 40, "$document: names tests");
    is(join(' ', grep { !-e } @named), '', "$document: which are there");

    my ($tables) = $text =~ /^## Who might do harm.*?\n(.*?)^## /ms;
    my @rows = grep { !/^\| (?:attempt |---)/ } $tables =~ /^(\| .*)$/mg;

    cmp_ok(scalar @rows, '>', 25, "$document: rows of defences");
    is(join("\n", grep { !/`t\/[^`]+` \|$|, `t\/[^`]+` \|$/ } @rows), '',
       "$document: each with a test");
}


# links

sub links (@documents) {
    for my $document (@documents) {
        my $text = slurp($document) =~ s/^```.*?^```$//msgr;
        my @dead = grep { !leads($document, $_) }
                   $text =~ /\]\(([^)\s]+)\)/g,
                   $text =~ /src(?:set)?="([^"]+)"/g;

        is("@dead", '', "$document: links lead somewhere");
    }
}


sub leads ($document, $link) {
    return 1 if $link =~ /^(?:https?|mailto):/;

    my ($path, $anchor) = $link =~ /^([^#]*)(?:#(.*))?$/;
    my $file = $path eq '' ? $document : dirname($document) . "/$path";

    return 0 if !-e $file;
    return 1 if !defined $anchor;

    my %heading = map { heading($_) => 1 } slurp($file) =~ /^#+ (.+)$/mg;

    return $heading{$anchor};
}


# as the usual viewers make anchors

sub heading ($text) {
    return lc($text) =~ s/[^\w\- ]//gr =~ s/ /-/gr;
}


sub examples ($readme) {
    for my $path (glob 'conf/*.conf') {
        ok($readme =~ /\]\(\Q$path\E\)/, "README.md: has $path");
    }
}


# the README's table says the defaults once more

sub overview ($readme, $text) {
    my %default = $text =~ /^### (\w+)\n.*?^\*\*Default:\*\* (.*?)$/msg;

    while ($readme =~ /^\| \[`(\w+)`\]\([^)]+\) \|(.*?)\|/mg) {
        my ($name, $said) = ($1, $2);

        $said =~ s/[ `]+/ /g;
        $said =~ s/^ | $//g;

        is($said || '—', delete $default{$name}, "README.md: default of $name");
    }

    is(join(' ', sort keys %default), '', 'README.md: has each directive');
}


sub same ($got, $expected, $name) {
    my %got = map { $_ => 1 } @$got;
    my %expected = map { $_ => 1 } @$expected;

    my @missing = grep { !$got{$_} } sort keys %expected;
    my @excess = grep { !$expected{$_} } sort keys %got;

    ok(!@missing && !@excess, $name)
        or diag("missing: @missing\nnot in the code: @excess");
}


sub slurp ($path) {
    open my $fh, '<:encoding(UTF-8)', $path or return '';
    local $/;
    return readline $fh;
}
