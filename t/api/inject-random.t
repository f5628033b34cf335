#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# "chat_widget" on pages of chance: however a page is cut on its way, by a
# backend or out of a file, the same comes of it as of the page in one piece,
# and that is the page as it was, with one element at most.
#
#     CHAT_SEED=1 script/test t/api/inject-random.t      the same pages again

use lib 't/lib';
use Chat;
use Pages qw(chats without backend wait_for_taken);

use constant PAGES => 240;
use constant CUTS => 10;

my $seed = $ENV{CHAT_SEED} // int rand 2 ** 31;

srand $seed;
diag("CHAT_SEED=$seed");

my @pages = map { random_page() } 1 .. PAGES;
my @plans = map { random_plan($_) } @pages;
my @small = map { 1 + int rand 40 } 1 .. 4;

my $t = Chat->new(workers => 1)->config(<<'EOF' =~ s/SMALL/small()/er);
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    types { text/html html; }

    server {
        listen 127.0.0.1:%%PORT%%;
        chat_widget on;

        location /chat/ { chat; }
        location /file/ { alias %%DIR%%/site/; }
        location /sendfile/ { alias %%DIR%%/site/; sendfile on; }
        SMALL

        location /whole/ { proxy_pass http://unix:%%DIR%%/backend; }

        location /pieces/ {
            proxy_buffering off;
            proxy_http_version 1.1;
            proxy_pass http://unix:%%DIR%%/backend;
        }

        location /buffered/ {
            proxy_http_version 1.1;
            proxy_buffers 2 1k;
            proxy_buffer_size 1k;
            proxy_busy_buffers_size 1k;
            proxy_pass http://unix:%%DIR%%/backend;
        }
    }
}
EOF

mkdir $t->dir . '/site';

# one that has just been written is not relied upon

for my $n (keys @pages) {
    utime 1e9, 1e9, $t->write("site/$n.html", $pages[$n]);
}

my $backend = backend($t, $t->dir . '/backend', \&answer);

$t->start;

my ($asked, $with, %bad) = (0, 0);

for my $n (keys @pages) {
    my $whole = ask("/whole/$n.html") // '';

    $with++ if chats($whole);
    $bad{'more than one element'} .= " $n" if chats($whole) > 1;
    $bad{'not the page'} .= " $n" if without($whole) ne $pages[$n];

    # a file is read, looked through, remembered and kept, in their turn

    for my $way (qw(pieces buffered file),
                 map { ($_) x 5 } 'sendfile', 'small' . $n % @small)
    {
        my $got = ask("/$way/$n.html");

        next if defined $got && $got eq $whole;

        explain_it($n, $way, $got, $whole) if !$bad{$way};
        $bad{$way} .= " $n";
    }
}

is($bad{$_}, undef, "no page is wrong: $_")
    for 'more than one element', 'not the page',
        qw(pieces buffered file sendfile), map { "small$_" } keys @small;

cmp_ok($with, '>', PAGES / 4, "$with pages of ${\ PAGES} with it");
cmp_ok($with, '<', PAGES * 19 / 20, 'and some without');
note("$asked requests");

$t->done;


sub one_of (@all) { $all[rand @all] }

sub any_case ($text) {
    return join '', map { rand() < .3 ? uc : $_ } split //, $text;
}


# any of them but "<"

sub bytes ($n = 12) {
    return join '', map { chr one_of(10, 32 .. 59, 61 .. 255) } 1 .. rand $n;
}


sub end_of_body () {
    return any_case('</body') . one_of('>', '>', '>', ' >', "\n>", '/>',
                                       ' a=">">', "\t\n\f>", '');
}


# what looks like an end of the body, and mostly is none

sub inside () {
    return join '', map { one_of(
        end_of_body(), end_of_body(), bytes(), '</bod', '<', '</', '<!--',
        '-->', '</scrip', '<script>', '</b', '"', "'",
    ) } 0 .. rand 3;
}


sub part () {
    my $name = one_of(qw(script style textarea title svg math iframe xmp
                         noscript template));

    return one_of(
        bytes(), bytes(), "<p>\n" . bytes() . '</p>', '<br/>', '<',
        '</', '</b', '</bo>', '</bod', '</bodyx>', '< /body>', '</ body>',
        '<p title="' . bytes(5) . '</body>">', "<p title='\">' a='</body'>",
        '<p a=</body>', '<body>', '<BODY class="a>b">', '<head>', '</head>',
        any_case("<$name") . one_of('', ' a=">"', ' ') . '>' . inside()
        . any_case("</$name") . '>',
        '<!--' . inside() . one_of('-->', '--!>', '->', '>', '--->'),
        '<!' . inside() . '>', '<?' . inside() . '>',
        '<svg><![CDATA[' . inside() . ']]></svg>',
        '<script><!--<script>' . inside() . '</script>' . inside()
        . '--></script>',
        rand() < .05 ? '<script src="/chat/loader.js"></script>' : '',
        rand() < .05 ? '<plaintext>' : '',
    );
}


# a document or a part of one; sometimes it breaks off

sub random_page () {
    my $page = one_of('', '', any_case('<!doctype html>'), any_case('<html>'),
                      "\xef\xbb\xbf<!doctype html>\n<html lang='</body>'>");

    $page .= part() for 1 .. rand 12;
    $page .= bytes(3000) if rand() < .1;

    for (1 .. one_of(0, 1, 1, 1, 2, 3)) {
        $page .= end_of_body();
        $page .= one_of('', '</html>', "</html>\n", part(), bytes(200));
    }

    return rand() < .85 ? $page : substr $page, 0, rand length $page;
}


# Where a page is cut, most often within what looks like a tag, and how the
# backend tells its length.

sub random_plan ($page) {
    my $len = length $page;
    my (@at, %cut);

    push @at, pos($page) - 1 while $page =~ /</g;
    push @at, ($-[0]) x 4 while $page =~ m{</b}gi;

    if ($len < 60 && rand() < .5) {
        @cut{ 1 .. $len } = ();                 # each byte for itself

    } else {
        for (1 .. rand CUTS) {
            $cut{ @at && rand() < .8 ? one_of(@at) + int rand 9
                                     : int rand $len } = 1;
        }

        # and a few of one byte

        if (@at && rand() < .3) {
            my $from = one_of(@at);

            @cut{ $from .. $from + 7 } = ();
        }
    }

    my ($from, @pieces) = (0);

    for my $at ((sort { $a <=> $b } grep { $_ > 0 && $_ < $len } keys %cut),
                $len)
    {
        push @pieces, substr $page, $from, $at - $from if $at > $from;
        $from = $at;
    }

    return { pieces => \@pieces, framing => one_of(qw(chunks length close)) };
}


# In the process of the backend.  Every other page begins with its head, and
# every third one ends with the connection and not before it.

sub answer ($head, $socket) {
    my ($way, $n) = $head =~ m{^GET /(\w+)/(\d+)\.html} or return;
    my ($page, $plan) = ($pages[$n], $plans[$n]);
    my $framing = $way eq 'whole' ? 'length' : $plan->{framing};
    my @out = $way eq 'whole' ? $page : @{ $plan->{pieces} };

    if ($framing eq 'chunks') {
        @out = ((map { sprintf("%x\r\n", length) . "$_\r\n" } @out),
                "0\r\n\r\n");
    }

    unshift @out, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
        . "Connection: close\r\n"
        . { chunks => "Transfer-Encoding: chunked\r\n", close => '',
            length => 'Content-Length: ' . length($page) . "\r\n" }->{$framing}
        . "\r\n";

    splice @out, 0, 2, join '', @out[0, 1] if @out > 1 && $n % 2;

    my $last = $n % 3 ? undef : pop @out;

    for my $piece (grep { length } @out) {
        $socket->syswrite($piece);
        wait_for_taken($socket) if $way eq 'pieces';
    }

    $socket->syswrite($last) if length $last // '';
}


# The body of an answer that is whole, or nothing.

sub ask ($path) {
    $asked++;

    my ($head, $body) = split /\r\n\r\n/, $t->raw(
        "GET $path HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), 2;

    return if $head !~ m{\AHTTP/1.1 200 };

    if ($head =~ /^Transfer-Encoding: chunked/m) {
        $body = of_chunks($body) // return;

    } elsif ($head !~ /^Content-Length: ${\ length $body}\r?$/m) {
        return;
    }

    # the time may have gone on

    return $body =~ s/"at":\d+/"at":1/r;
}


# up to the last one, and nothing behind it

sub of_chunks ($text) {
    my $body = '';

    pos($text) = 0;

    while ($text =~ /\G([0-9a-f]+)\r\n/gc) {
        my $len = hex $1;

        return $text =~ /\G\r\n\z/ ? $body : undef if $len == 0;

        $body .= substr $text, pos $text, $len;
        pos($text) += $len;
        $text =~ /\G\r\n/gc or return;
    }

    return;
}


sub explain_it ($n, $way, $got, $whole) {
    my $plan = $plans[$n];

    diag("page $n, $way, by $plan->{framing}:");
    diag('  ', quoted($_)) for @{ $plan->{pieces} };
    diag('came: ', defined $got ? quoted($got) : 'no whole answer');
    diag('of one piece: ', quoted($whole));
}


sub quoted ($text) {
    my $cut = length $text > 2000 ? substr($text, 0, 2000) . '...' : $text;

    return '"' . $cut =~ s/([^ -~]|["\\])/sprintf '\\x%02x', ord $1/ger . '"';
}


sub small () {
    return join "\n        ", map {
        "location /small$_/ {"
        . " alias %%DIR%%/site/; output_buffers 1 $small[$_]; }"
    } keys @small;
}
