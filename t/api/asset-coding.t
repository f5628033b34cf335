#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The built files come compressed to whom that suits: as .br or .gz, whichever
# lies beside them, each as a variant of its own.

use lib 't/lib';
use Chat;

my $t = Chat->new->config(<<'CONF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; chat_assets %%DIR%%/static; }
    }
}
CONF

mkdir $t->dir . "/static$_" for '', '/w', '/console', '/console/assets';

my %content = map { $_ => "the file $_\n" } qw(
    loader.js loader.js.br loader.js.gz
    w/only-gz.js w/only-gz.js.gz w/plain.js
    console/index.html console/index.html.br
);

# of the same age: a variant is told by more than that

for my $name (sort keys %content) {
    utime 1_700_000_000, 1_700_000_000,
          $t->write("static/$name", $content{$name});
}

$t->start;

my $browser = $t->browser;
my %suffix = ('' => '', br => '.br', gzip => '.gz');

for my $case (
    [undef, ''], ['', ''], ['identity', ''], ['deflate', ''], ['*;q=0', ''],
    ['br', 'br'], ['gzip', 'gzip'], ['x-gzip', ''], ['brr', ''], ['b', ''],
    ['gzip, deflate, br', 'br'], ['gzip, deflate', 'gzip'],
    ['GZIP', 'gzip'], ['deflate,gzip;q=1.0,*;q=0.5', 'gzip'],
    ['br;q=0', ''], ['br;q=0.0', ''], ['br;q=0.000', ''], ['br; q=0', ''],
    ['br;Q=0', ''], ['br;q=0, gzip', 'gzip'], ['br;q=0,gzip;q=0', ''],
    ['br;q=0.001', 'br'], ['br;q=1', 'br'], ['br ; q=0.5', 'br'],
    ['gzip;q=1.0, br;q=0.1', 'br'], ["gzip ,\tbr", 'br'], [',,br,,', 'br'],
    [';q=1', ''], ['br;', 'br'], ['gzip, br;q=', 'gzip'], [',' x 3000, ''],
) {
    my ($accept, $coding) = @$case;
    my $what = defined $accept ? '"' . substr($accept, 0, 40) . '"' : 'none';
    my $res = get('loader.js', $accept);
    my $file = "loader.js$suffix{$coding}";

    is($res->headers->content_encoding // '', $coding, "$what: \"$coding\"");
    is($res->body, $content{$file}, 'the variant itself');
    is($res->headers->vary, 'Accept-Encoding', 'Vary');
    is($res->headers->content_type, 'text/javascript; charset=utf-8',
       'what it is does not vary');
}

# what is not there is not sent

is(get('w/only-gz.js', 'br')->headers->content_encoding, undef, 'no .br');
is(get('w/only-gz.js', 'br, gzip')->headers->content_encoding, 'gzip',
   'then .gz');
is(get('w/plain.js', 'br, gzip')->body, $content{'w/plain.js'},
   'neither: the file');
is(get('w/plain.js', 'br, gzip')->headers->vary, 'Accept-Encoding',
   'Vary, also there');
is(get('console/', 'br')->body, $content{'console/index.html.br'},
   'the console\'s page');

# every variant has a tag of its own

my %tags = map { get('loader.js', $_)->headers->etag => $_ } '', 'br', 'gzip';

is(keys %tags, 3, 'three variants, three tags');

$t->done;


sub get ($path, $accept) {
    my $tx = $browser->transaction(GET => "/chat/$path");

    $tx->req->headers->remove('Accept-Encoding');
    $tx->req->headers->accept_encoding($accept) if defined $accept;

    # as it comes over the wire: nothing is unpacked here

    $tx->res->content->auto_decompress(0);

    return $browser->ua->start($tx)->res;
}
