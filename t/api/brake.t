#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# What machines do is held up: too many messages of a visitor, or of all at an
# address, the same text again and again, links in a first message, and one
# that comes sooner after opening than anybody writes.  People are not.

use lib 't/lib';
use Chat;
use Chat::Visits;

use Time::HiRes qw(time);

my $t = Chat->new(workers => 2, brakes => 1)->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    chat_visitor_rate 5;
    chat_address_rate 12;
    chat_repeats 0;

    server {
        listen 127.0.0.1:%%PORT%%;

        set_real_ip_from 127.0.0.1;
        real_ip_header X-Real-IP;

        location / {
            chat_track on;
            chat_consent 1;
            default_type text/html;
            return 200 page;
        }

        location /chat/ { chat; }

        location /calm/ {
            chat;
            chat_visitor_rate 0;
            chat_address_rate 0;
            chat_repeats 2;
            chat_first_links 2;
            chat_first_delay 1500ms;
        }
    }
}
CONF


# as long as the first message has to wait

sub later ($since = time) {
    wait_for(sub { time > $since + 1.6 }, 5, 'a moment');
}


# a message from an address: its status

sub post ($visitor, $text, $address = '192.0.2.1', %more) {
    return $visitor->post('visitor/messages',
        { client_id => $visitor->client_id, text => $text, %more },
        headers => { 'X-Real-IP' => $address });
}

sub codes ($visitor, $n, $address = '192.0.2.1') {
    return join ' ', map { post($visitor, "number $_", $address)->code } 1 .. $n;
}


# how many

my $troll = $t->visitor;

is(codes($troll, 7), '201 201 201 201 201 429 429', 'five messages a minute');

my $res = post($troll, 'and another');

is($res->json->{type}, 'urn:ngx-chat:braked', 'the problem');
like($res->json->{detail}, qr/too many messages/, 'what it is');
cmp_ok($res->headers->header('Retry-After'), '<=', 60, 'when to come back');
cmp_ok($res->headers->header('Retry-After'), '>=', 1, 'not at once');

is(codes($t->visitor, 3), '201 201 201', 'another visitor goes on');
is(post($troll, 'from elsewhere', '192.0.2.2')->code, 429,
   'a visitor is one at any address');

# the same message again is no other message

my $calm = $t->visitor;
my %once = (client_id => 'sent-once-only', text => 'hello?');

is_deeply([map { post($calm, 'x', '192.0.2.9', %once)->code } 1 .. 8],
          [201, (200) x 7], 'a repeat for want of an answer is not counted');
is(codes($calm, 5, '192.0.2.9'), '201 201 201 201 429', 'others are');


# how many at an address: eight are counted there, four may follow

is(codes($t->visitor, 5), '201 201 201 201 429', 'the address is full');
is(codes($t->visitor, 1), '429', 'for all at it');
is(codes($t->visitor, 1, '192.0.2.3'), '201', 'its neighbour is not');

my $there = '2001:db8:1:2::';
is(codes($t->visitor, 4, "$there$_"), '201 201 201 201', 'a half of IPv6')
    for 1 .. 3;
is(codes($t->visitor, 1, "${there}4"), '429', 'is one address');
is(codes($t->visitor, 1, '2001:db8:1:3::1'), '201', 'the next is another');


# as people do, and not

$t->{prefix} = '/calm/';

my $hasty = $t->visitor;

$res = post($hasty, 'buy now');
is($res->code, 429, 'a first message at once');
like($res->json->{detail}, qr/too soon/, 'comes too soon');
is($res->headers->header('Retry-After'), 2, 'it may come later');

# a page's cookie is no open chat, however old it is

my ($browses, $sudden, $reads) = map { Chat::Visitor->new(chat => $t) } 1 .. 3;

for ($browses, $sudden, $reads) {
    $_->ua->transactor->name(BROWSER);
    $_->request(GET => '/', unjudged => 1);
    ok($_->ua->cookie_jar->all->[0], 'a page gave a cookie');
}

my @visitors = map { $t->visitor } 1 .. 8;

later();

is(post($hasty, 'buy now')->code, 201, 'then it is taken');

$_->open for $browses, $reads;
is(post($browses, 'and I')->code, 429, 'who has just opened it waits');
is(post($sudden, 'and me')->code, 429, 'so does who has not at all');

# all of them have by now

my $opened = time;

is($browses->open->opened->code, 200, 'to open it again');

later($opened);

is(post($_, 'hello')->code, 201, 'begins nothing anew')
    for $browses, $sudden;
is(post($reads, 'hello')->code, 201, 'who read first writes at once');

my $linker = shift @visitors;
$res = post($linker, 'http://a.example www.b.example https://c.example');

is($res->code, 429, 'three links in a first message');
is($res->json->{type}, 'urn:ngx-chat:braked', 'are held');
is($res->json->{field}, 'text', 'for what the text has');
is($res->headers->header('Retry-After'), undef, 'and as long as it has it');
is(post($linker, 'see http://a.example and www.b.example')->code, 201,
   'two are not');
is(post($linker, 'http://a.example www.b.example https://c.example')->code, 201,
   'nor are three later');

my $parrot = shift @visitors;

is(join(' ', map { post($parrot, 'polly', '192.0.2.50')->code } 1 .. 4),
   '201 201 429 429', 'the same text for the third time');
is(post($parrot, 'a cracker', '192.0.2.50')->code, 201, 'another text');

# ten of this text may come from there: it has sent two

is(join(' ', map { post($visitors[$_ / 2], 'polly', '192.0.2.50')->code }
                 0 .. 7), '201 201 201 201 201 201 201 201',
   'others say it, too');
is(post($visitors[4], 'polly', '192.0.2.50')->code, 429,
   'but not all at that address');
is(post($visitors[4], 'polly', '192.0.2.51')->code, 201, 'elsewhere they may');

is(scalar($t->rows('SELECT 1 FROM event WHERE type = 1')),
   scalar(grep { /"POST \S+messages HTTP\/1.1" 201 / }
              split /\n/, $t->read('access.log')),
   'what was held is nowhere');

# each decision is said once, and counted

my %said;
$said{$_}++ for $t->log =~ /chat braked a message: (\w+),/g;

my $page = $t->browser->get('/calm/metrics')->body;

for (qw(visitor address repeat delay links)) {
    ok($said{$_}, "$_: it is in the log");
    like($page, qr/^ngx_chat_braked_total\{brake="$_"\} $said{$_}$/m,
         'as often as it is counted');
}

$t->done;
