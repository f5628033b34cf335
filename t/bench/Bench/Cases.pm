package Bench::Cases;

# Copyright (C) ngx_chat_module contributors

# What is measured: the servers, and the cases.

use v5.36;

use Exporter qw(import);

our @EXPORT_OK = qw(%server cases tried);

use constant SLOW => 4000;              # us that each sync takes longer

# a server: what the load tool calls it, what is loaded into nginx and
# configured besides, and what the load tool gets

our %server = (
    ours => { side => 'ours', module => 'ours' },
    normal => { side => 'ours', module => 'ours',
                conf => 'chat_durability normal;' },
    nchan => { side => 'nchan', module => 'nchan' },
    'ours-1k' => { side => 'ours', module => 'ours',
                   conf => 'request_pool_size 1k;' },
    'nchan-1k' => { side => 'nchan', module => 'nchan',
                    conf => 'request_pool_size 1k;' },
    'ours-tls' => { side => 'ours', module => 'ours', tls => 1 },
    'nchan-tls' => { side => 'nchan', module => 'nchan', tls => 1 },
    slow => { side => 'ours', module => 'ours', sync => SLOW },
    'slow-norm' => { side => 'ours', module => 'ours', sync => SLOW,
                     conf => 'chat_durability normal;' },
    204 => { side => 'get', args => '-u /204' },
    '204-tls' => { side => 'get', args => '-u /204', tls => 1 },
    static => { side => 'get', args => '-u /1k' },
    wrk => { side => 'wrk' },
    widget => { side => 'wrk', module => 'ours', conf => 'chat_widget on;' },
    track => { side => 'wrk', module => 'ours', conf => 'chat_track on;' },
    guard => { side => 'wrk', module => 'ours', conf => 'chat_guard on;' },
    all => { side => 'wrk', module => 'ours',
             conf => 'chat_widget on; chat_track on; chat_guard on;' },
    '10k' => { side => 'get', module => 'ours', history => 10_000 },
    '1M' => { side => 'get', module => 'ours', history => 1_000_000 },
    '10M' => { side => 'get', module => 'ours', history => 10_000_000 },
);

my @poll_and_stream = ([ 'long-poll', '' ], [ 'SSE', '-e' ]);


# Of each case: what the load tool gets, and the servers, {a|b} being a, and b
# with --quick; and lines of the table:
# [ figure, where it stands in the answer, divisor, unit, targets ].  A target
# is [ which server, compared with which, '<=' or '>=', ratio, extra syncs ] or
# [ which server, undef, '<=', value, or what makes it of a sync's us ].
# With .loads, each load has a name, under which its answer stands; with .turns,
# the servers run beside each other and have so many turns in a round.

sub cases {
    return (pair(), pingpong(), load(), fanout(), memory(), reload(), killed(),
            send_only(), slow(), store(), page(), history(), idle(), floor());
}


# with --try: those that need no other program, and little time

sub tried ($case) {
    return grep {
        my $server = $server{$_} // {};

        !/^\{/ && ($server->{side} // '') !~ /nchan|wrk/
        && ($server->{history} // 0) <= 10_000
    } @{ $case->{servers} };
}


sub pair {
    return {
        name => 'pair', letter => 'a', servers => [qw(ours normal nchan)],
        title => 'one pair, long-poll, other worker, 300/s',
        args => '-x -k -r 300 -d 2',
        lines => [
            [ 'p50', 'delivery p50', 1, 'us',
              [ ours => 'nchan', '<=', 1, 1 ],
              [ normal => 'nchan', '<=', 1, 1 ] ],
            [ 'min', 'delivery min', 1, 'us' ],
            [ 'p99', 'delivery p99', 1, 'us' ],
        ],
    };
}


sub pingpong {
    return map {
        my ($title, $arg) = @$_;

        +{
            name => 'pingpong', letter => 'b',
            servers => [qw(ours normal nchan)],
            title => "500 conversations, closed loop, $title",
            args => "-c 500 -t 2 -d 2 $arg",
            lines => [
                [ 'messages', 'rate', 1, '/s', [ ours => 'nchan', '>=', 0.5 ],
                                            [ normal => 'nchan', '>=', 0.8 ] ],
                [ 'p99', 'delivery p99', 1000, 'ms' ],
                [ 'CPU', 'cpu', 1, 'us' ],
            ],
        }
    } @poll_and_stream;
}


sub load {
    return map {
        my ($title, $arg) = @$_;

        +{
            name => 'load', letter => 'b', servers => [qw(ours normal nchan)],
            title => "500 conversations, 5000/s, $title",
            args => "-c 500 -t 2 -r 5000 -d 2 $arg",
            lines => [
                [ 'p50', 'delivery p50', 1, 'us' ],
                [ 'p99', 'delivery p99', 1, 'us',
                  [ ours => 'nchan', '<=', 1, 2 ],
                  [ normal => 'nchan', '<=', 1, 2 ] ],
            ],
        }
    } @poll_and_stream;
}


sub fanout {
    return map {
        my ($title, $arg) = @$_;

        +{
            name => 'fanout', letter => 'c', servers => [qw(ours nchan)],
            title => "one event to 10,000 waiters, $title",
            args => "-w 10000 -r 1 -d 3 -s 2 -P 8 $arg",
            lines => [
                [ 'last', 'last p50', 1000, 'ms',
                  [ ours => 'nchan', '<=', 1 ] ],
                [ 'other', 'other max', 1000, 'ms',
                  [ ours => undef, '<=', 20 ] ],
                [ 'CPU', 'cpu', 10_000, 'us' ],
            ],
        }
    } @poll_and_stream;
}


# for nginx alone: connections that have asked for something, and are kept

sub memory {
    my @all = map {
        my ($title, $arg) = @$_;

        +{
            name => 'memory', letter => 'd',
            servers => [qw(ours nchan ours-1k nchan-1k ours-tls nchan-tls)],
            title => "10,000 idle waiters of 10,000 visitors, $title",
            args => "-i -c 10000 -s 1 $arg",
            lines => [
                [ 'a waiter', 'bytes', 1, 'B',
                  [ ours => 'nchan', '<=', 0.8 ],
                  [ 'ours-1k' => 'nchan-1k', '<=', 0.8 ],
                  [ 'ours-tls' => 'nchan-tls', '<=', 0.8 ] ],
            ],
        }
    } @poll_and_stream;

    return @all, {
        name => 'memory', letter => 'd', servers => [qw(204 204-tls)],
        title => '10,000 idle connections that nobody waits on',
        args => '-i -c 10000 -s 1',
        lines => [ [ 'each', 'bytes', 1, 'B' ] ],
    };
}


sub reload {
    return {
        name => 'reload', letter => 'e', servers => [qw(ours)],
        title => 'HUP with 10,000 waiting polls and 2000/s',
        args => '-c 5000 -w 2 -t 2 -r 2000 -d 6 -s 2 -H 2',
        lines => [
            [ 'lost', 'lost', 1, '', [ ours => undef, '<=', 0 ] ],
            [ 'doubled', 'doubled', 1, '', [ ours => undef, '<=', 0 ] ],
            [ 'old gone', 'gone', 1000, 'ms', [ ours => undef, '<=', 500 ] ],
            [ 'p99', 'during p99', 1000, 'ms', [ ours => undef, '<=', 150 ] ],
            [ 'p50', 'during p50', 1000, 'ms' ],
        ],
    };
}


sub killed {
    return {
        name => 'kill', letter => 'e', servers => [qw(ours)],
        title => 'KILL of a worker with 10,000 waiting polls and 2000/s',
        args => '-c 5000 -w 2 -t 2 -r 2000 -d 6 -s 2 -K 2',
        lines => [
            [ 'lost', 'lost', 1, '', [ ours => undef, '<=', 0 ] ],
            [ 'doubled', 'doubled', 1, '', [ ours => undef, '<=', 0 ] ],
            [ 'p99', 'during p99', 1000, 'ms' ],
            [ 'p50', 'during p50', 1000, 'ms' ],
        ],
    };
}


sub send_only {
    return {
        name => 'send', letter => 'f', servers => [qw(ours normal nchan)],
        title => '500 visitors who send, nobody waits',
        args => '-c 500 -w 0 -t 2 -d 2',
        lines => [
            [ 'messages', 'rate', 1, '/s' ],
            [ 'p99', 'ack p99', 1000, 'ms' ],
            [ 'CPU', 'cpu', 1, 'us' ],
        ],
    };
}


sub slow {
    return {
        name => 'slow', letter => 'f', servers => [qw(slow slow-norm)],
        title => '500 visitors who send, each sync takes 4 ms longer',
        loads => [ [ closed => '-c 500 -w 0 -t 2 -d 2' ],
                   [ open => '-c 500 -w 0 -t 2 -r 1000 -d 3' ] ],
        lines => [
            [ 'messages', 'closed rate', 1, '/s' ],
            [ 'p50, 1000', 'open ack p50', 1000, 'ms' ],
            [ 'p99, 1000', 'open ack p99', 1000, 'ms',
              [ slow => undef, '<=',
                sub ($sync) { 3 * (SLOW + $sync) / 1000 } ] ],
        ],
    };
}


sub store {
    return {
        name => 'store', letter => 'f', servers => [qw(real bare)],
        title => '500 clients of the store, and a bare SQLite loop',
        lines => [
            [ 'messages', 'rate', 1, '/s', [ real => 'bare', '>=', 0.8 ] ],
        ],
    };
}


# they begin to wait one after the other, so that what comes again comes evenly

sub idle {
    my @ways = (
        [ 'long-poll that does not end', '-g 2' ],
        [ 'long-poll of 25 s', '-g 25 -W 25', 25 ],
        [ 'SSE, a sign of life every 20 s', '-g 20 -e' ],
    );

    return map {
        my ($title, $arg, $wait) = @$_;

        +{
            name => 'idle', letter => 'i', servers => [qw(ours nchan)],
            title => "10,000 idle waiters, $title", rounds => 3,
            args => "-I -c 10000 -s 1 -d {60|10} $arg", wait => $wait,
            lines => [
                [ 'of a core', 'core', 1, '%', [ ours => undef, '<=', 1 ] ],
                $wait ? [ 'polls', 'polls', 1, '/s' ] : (),
            ],
        }
    } @ways;
}


# the lists are those of history.c

sub history {
    my @lists = (
        [ newest => 'newest' ],
        [ 'long-newest' => 'long' ],
        [ 'long-oldest' => 'its old' ],
        [ 'visitor-newest' => "visitor's" ],
        [ 'visitor-oldest' => 'their old' ],
        [ 'visitor-missed' => 'missed' ],
        [ 'inbox-missed' => 'inbox' ],
        [ conversations => 'list' ],
    );

    return {
        name => 'history', letter => 'h', servers => [qw(10k 1M {10M|})],
        title => 'pages of a long history, 400/s',
        loads => [ map { [ $_->[0], "-O -l STATE/$_->[0].list -c 8 -r 400 -d 2" ] }
                       @lists ],
        lines => [ map {
            my ($list, $title) = @$_;

            ([ "$title p50", "$list ack p50", 1000, 'ms' ],
             [ "$title p99", "$list ack p99", 1000, 'ms',
               [ '1M' => '10k', '<=', 2 ], [ '10M' => '10k', '<=', 2 ] ])
        } @lists ],
    };
}


# as a browser asks, and as a program does that does not say what it is: views
# of that kind are only counted

sub page {
    my @ours = qw(guard track widget all);
    my @browser = (
        'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML,'
        . ' like Gecko) Chrome/130.0.0.0 Safari/537.36',
        'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,'
        . 'image/avif,image/webp,*/*;q=0.8',
        'Accept-Language: en-US,en;q=0.9',
        'Accept-Encoding: gzip, deflate, br',
        'Sec-Fetch-Dest: document',
        'Sec-Fetch-Mode: navigate',
    );

    return map {
        my ($kb, $who, @headers) = @$_;

        +{
            name => 'page', letter => 'g',
            servers => [qw(wrk guard track widget all)],
            turns => 8, title => "a page of $kb KB, from a file, to a $who",
            url => "/$kb.html", headers => \@headers,
            lines => [
                [ 'requests', 'rate', 1, '/s',
                  map { [ $_ => 'wrk', '>=', 0.95 ] } @ours ],
                [ 'CPU', 'cpu', 1, 'us',
                  map { [ $_ => 'wrk', '<=', 1.05 ] } @ours ],
            ],
        }
    } [ 1, 'browser', @browser ], [ 1, 'program' ],
      [ 10, 'browser', @browser ], [ 100, 'browser', @browser ];
}


sub floor {
    return {
        name => 'floor', letter => '-', servers => [qw(204 wrk static)],
        title => '100 connections that ask nginx for nothing, or for 1 KB',
        args => '-c 100 -t 2 -d 2',
        lines => [ [ 'requests', 'rate', 1, '/s' ],
                   [ 'CPU', 'cpu', 1, 'us' ] ],
    };
}


1;
