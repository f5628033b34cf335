#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# docs/operations.md explains every metric and every line of the log that is
# graver than notice; the dashboard and the alerts ask for metrics that there
# are; and the one who reads the page of metrics for our tests misses nothing.

use v5.36;
use utf8;

use lib 't/lib';

use File::Basename qw(dirname);
use JSON::PP ();
use Test::More;
use YAML::XS ();

use Metrics;

binmode(Test::More->builder->$_, ':encoding(UTF-8)')
    for qw(output failure_output todo_output);

chdir dirname(__FILE__) . '/..' or die;

my $text = slurp('docs/operations.md');
my %metric = map { $_ => 1 } Metrics->names;

metrics();
lines();
alerts();
dashboard();
reader();

done_testing();


# name, type and labels of each row

sub metrics {
    my (%said, %coded);

    $said{$1} = [ $2, { map { /^`(\w+)`(?:: (.*))?$/
                              ? ($1 => [ sort split /, /, $2 // '' ]) : () }
                        split /; /, $3 } ]
        while $text =~ /^\| `(ngx_chat_\w+)` \| (\w+) \| (.*?) \| .+ \|$/mg;

    for my $row (Metrics->table) {
        my $of = $coded{ $row->{name} } ||= [ $row->{type}, {} ];

        $of->[1]{$1}{$2} = 1 while $row->{labels} =~ /(\w+)="(\w[^"]*)"/g;
        $of->[1]{worker} = {} if $row->{from} eq 'WORKER';
        $of->[1]{le} = {} if $row->{type} eq 'histogram';
        $of->[1]{$_} = {} for $row->{id} eq 'BUILD'
                              ? qw(version nginx sqlite) : ();
    }

    for my $of (values %coded) {
        $_ = [ sort keys %$_ ] for values %{ $of->[1] };
    }

    is_deeply(\%said, \%coded, 'the table of metrics is that of the code');
}


# A line as it is in the log, with "…" for what differs each time.

sub lines {
    my (%coded, %said);

    for my $path (glob 'ngx_chat_module/*/*.c') {
        my $code = slurp($path);

        while ($code =~ /\bngx_(?:conf_)?log_error\(
                         (?:NGX_LOG_(WARN|ERR|CRIT|ALERT|EMERG)|(level)),
                         (.*?)\);\n/xgs)
        {
            my ($level, $call) = ($1 // 'ERR', $3);

            $call =~ s/"\s+"//g;

            while ($call =~ /"((?:[^"\\]|\\.)+)"/g) {
                my $line = $1 =~ s/\\(.)/$1/gr =~ s/%\w*?[VsdLDiuzTOpPc]+/…/gr;

                $coded{$line} = 1;
            }
        }
    }

    my $level = qr/(?:warn|error|crit|alert|emerg)/;

    $said{$1} = 1
        while $text =~ /^\| `(.+?)` \| $level(?:, $level)* \| .+ \| .+ \|$/mg;

    cmp_ok(scalar keys %coded, '>', 25, 'the lines of the sources are read');
    same(\%said, \%coded, 'each line of the log is explained');
}


# the same rules in the document and in the example

sub alerts {
    my $rules = YAML::XS::LoadFile('conf/prometheus-alerts.yml');
    my (%there, %said);

    for my $rule (map { @{ $_->{rules} } } @{ $rules->{groups} }) {
        ok($rule->{expr} && $rule->{labels}{severity}
           && $rule->{annotations}{summary}, "alert $rule->{alert}: is whole");
        asks("alert $rule->{alert}", $rule->{expr});
        $there{ "$rule->{alert}: " . flat($rule->{expr}) } = 1;
    }

    $said{ "$1: " . flat($2) } = 1
        while $text =~ /^\| (Chat\w+) \| `(.+?)` \| .+ \|$/mg;

    cmp_ok(scalar keys %there, '>', 8, 'there are alerts');
    same(\%said, \%there, 'those of operations.md are those of the example');
}


sub dashboard {
    my $board = JSON::PP->new->utf8->decode(
        do { open my $fh, '<:raw', 'conf/grafana-dashboard.json' or die $!;
             local $/; readline $fh });
    my (%id, %place);

    cmp_ok($board->{schemaVersion}, '>=', 39, 'dashboard: of a current schema');
    is($board->{templating}{list}[0]{type}, 'datasource',
       'dashboard: the source is a variable');

    for my $panel (@{ $board->{panels} }) {
        my $at = $panel->{gridPos};

        ok(!$id{ $panel->{id} }++, "panel $panel->{title}: an id of its own");
        ok($at->{x} + $at->{w} <= 24, "panel $panel->{title}: has room");

        for my $cell (map { my $y = $_; map { "$_.$y" }
                            $at->{x} .. $at->{x} + $at->{w} - 1 }
                      $at->{y} .. $at->{y} + $at->{h} - 1)
        {
            $place{$cell}++;
        }

        next if $panel->{type} eq 'row';

        ok($panel->{description}, "panel $panel->{title}: is described");
        is($panel->{datasource}{uid}, '${datasource}',
           "panel $panel->{title}: has the source");
        ok(scalar @{ $panel->{targets} }, "panel $panel->{title}: asks");
        asks("panel $panel->{title}", $_->{expr}) for @{ $panel->{targets} };
    }

    ok(!(grep { $_ > 1 } values %place), 'dashboard: no panel hides another');

    # what there is to see is shown

    my $all = join ' ', map { map { $_->{expr} } @{ $_->{targets} // [] } }
                        @{ $board->{panels} };
    my @unseen = grep { my $name = $_;
                        $all !~ /\b\Q$name\E\b/ && $name !~ /_(?:sum|count)$/ }
                 sort keys %metric;

    is("@unseen", '', 'dashboard: each metric is on it');
}


# names and labels of a query are those of the table

sub asks ($what, $query) {
    my @unknown = grep { !$metric{$_} } $query =~ /\b(ngx_chat_\w+)/g;
    my %value;

    for my $row (Metrics->table) {
        push @{ $value{$1} }, $2 while $row->{labels} =~ /(\w+)="(\w+)"/g;
    }

    push @unknown, grep { !/^(?:le|worker|job|instance)=/ }
                   map { my ($k, $v) = /^(\w+)="(.*)"/;
                         grep({ $_ eq $v } @{ $value{$k} // [] }) ? () : $_ }
                   $query =~ /[{,](\w+="[^"]*")/g;

    like($query, qr/ngx_chat_/, "$what: asks for ours") if $query !~ /\bup\b/;
    is("@unknown", '', "$what: asks for what there is");
    is(($query =~ tr/(//) - ($query =~ tr/)//), 0, "$what: closes brackets");
}


# each rule of the reader can fail

sub reader {
    my $good = <<'END';
# HELP ngx_chat_a_total Things.
# TYPE ngx_chat_a_total counter
ngx_chat_a_total{of="x"} 1
ngx_chat_a_total{of="y\"\\\n"} 2
# HELP ngx_chat_b_seconds Times.
# TYPE ngx_chat_b_seconds histogram
ngx_chat_b_seconds_bucket{le="0.5"} 1
ngx_chat_b_seconds_bucket{le="+Inf"} 2
ngx_chat_b_seconds_sum 0.75
ngx_chat_b_seconds_count 2
END

    is(join("\n", Metrics->parse($good)->errors), '', 'what is right is right');

    for my $case (
        [ 'a sample before its type', sub { s/^# TYPE.*_total.*\n//mr } ],
        [ 'no help', sub { s/^# HELP.*_seconds.*\n//mr } ],
        [ 'a sample twice', sub { s/of="y.*"/of="x"/r } ],
        [ 'a family twice', sub { $_ . $_ } ],
        [ 'a label twice', sub { s/of="x"/of="x",of="z"/r } ],
        [ 'a quote in a label', sub { s/of="x"/of="x"y"/r } ],
        [ 'a counter without its end', sub { s/_total/_number/gr } ],
        [ 'no base unit', sub { s/_seconds/_ms/gr } ],
        [ 'a bucket that is smaller', sub { s/"0.5"\} 1/"0.5"} 3/r } ],
        [ 'another count', sub { s/count 2/count 3/r } ],
        [ 'no infinity', sub { s/^.*Inf.*\n//mr } ],
        [ 'no sum', sub { s/^.*_sum.*\n//mr } ],
        [ 'bounds that fall', sub { s/\+Inf/0.1/r } ],
        [ 'an empty line', sub { s/\n/\n\n/r } ],
        [ 'no end of the line', sub { s/\n\z//r } ],
        [ 'no number', sub { s/0\.75/nothing/r } ],
        [ 'a foreign sample', sub { s/^ngx_chat_a_total\{of="x/ngx_chat_c{of="x/mr } ],
    ) {
        my ($name, $spoil) = @$case;
        my $spoilt = do { local $_ = $good; $spoil->() };

        isnt($spoilt, $good, "$name: is spoilt");
        ok(scalar(Metrics->parse($spoilt)->errors), "$name: is seen");
    }

    my $open = $good =~ s/(# \w+ ngx_chat_a)_total/$1/gr . "# EOF\n";

    is(join("\n", Metrics->parse($open, open => 1)->errors), '', 'OpenMetrics');
    ok(scalar(Metrics->parse($open)->errors), 'which is another format');
    ok(scalar(Metrics->parse($open =~ s/# EOF\n//r, open => 1)->errors),
       'and has an end');
}


sub flat ($expr) { $expr =~ s/\s+/ /gr =~ s/^ | $//gr }


sub same ($got, $expected, $name) {
    my @missing = grep { !$got->{$_} } sort keys %$expected;
    my @excess = grep { !$expected->{$_} } sort keys %$got;

    ok(!@missing && !@excess, $name)
        or diag(map({ "missing: $_\n" } @missing),
                map({ "not there: $_\n" } @excess));
}


sub slurp ($path) {
    open my $fh, '<:encoding(UTF-8)', $path or die "$path: $!\n";
    local $/;
    return readline $fh;
}
