#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A page proves who its visitor is by a signature; what is not signed, or by
# somebody else, or too long ago, is never taken for proved. The examples of
# docs/javascript.md make the signatures.

use lib 't/lib';
use Chat;
use Chat::Visits;

use Digest::SHA qw(hmac_sha256_hex);
use Encode qw(encode);

my $secret = 'a secret of the site, in its file';
my $old = 'the one before it, of 32 bytes';

my $t = Chat->new;

$t->write('site.key', "$secret\n");

$t->config(<<"CONF")->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location / {
            chat_track on;
            default_type text/html;
            return 200 "a page";
        }

        location /chat/ {
            chat;
            chat_track on;
            chat_identity_secret "file:%%DIR%%/site.key" "$old";
        }

        location /plain/ { chat; }
    }
}
CONF

my $operator = $t->operator;
my $now = time;


sub sign ($by, %facts) {
    my @lines = ('chat-identity', map { $facts{$_} // '' }
                                      qw(id name email expires));

    return { %facts, signature =>
             hmac_sha256_hex(encode('UTF-8', join "\n", @lines), $by) };
}


sub known ($visitor) {
    my $path = 'operator/conversations/' . $visitor->conversation;

    return $operator->get($path)->json->{conversation}{visitor};
}


sub earlier ($visitor) {
    my $path = 'operator/conversations/' . $visitor->conversation;

    return [ map { $_->{id} }
             @{ $operator->get("$path/earlier")->json->{conversations} } ];
}


sub counted ($result) {
    my ($n) = $t->browser->request(GET => '/chat/metrics', unjudged => 1)->body
        =~ /^ngx_chat_identities_total\{result="$result"\} (\d+)$/m;

    return $n;
}


# the examples of the document, by what of it is on this machine

my %facts = (id => '42', name => 'Zoë "Q" O\'Neil', email => 'zoe@example.com',
             expires => $now + 600);
my $wanted = sign($secret, %facts)->{signature};

open my $doc, '<:encoding(UTF-8)', 'docs/javascript.md' or die $!;
my %code = do { local $/; <$doc> } =~ /^In (?:a )?(\w+):\n+```\w+\n(.*?)^```/msg;

is(join(' ', sort keys %code), 'Node PHP Perl Python shell', 'the examples');
is(example($_), $wanted, "in $_") for qw(Node Perl Python shell);

SKIP: {
    skip 'no php here', 1 if !grep { -x "$_/php" } split /:/, $ENV{PATH};

    is(example('PHP'), $wanted, 'in PHP');
}


sub example ($language) {
    my $code = $code{$language};
    my %with = (%facts, secret => $secret);
    my @args = @with{qw(id name email expires secret)};
    my $file = $t->write("example.$language" . ($language eq 'Node' ? '.mjs'
                                                                 : ''),
        $language eq 'Node'
        ? "const [id, name, email, expires, secret] = process.argv.slice(2);\n"
          . "$code\nconsole.log(signature);\n"
        : $language eq 'Perl'
        ? "my (\$id, \$name, \$email, \$expires, \$secret) = \@ARGV;\n"
          . "$code\nprint \$signature;\n"
        : $language eq 'PHP'
        ? "<?php [, \$id, \$name, \$email, \$expires, \$secret] = \$argv;\n"
          . "$code\necho \$signature;\n"
        : $language eq 'Python'
        ? "import sys\nid, name, email, expires, secret = sys.argv[1:]\n"
          . "$code\nprint(signature)\n"
        : "id=\$1 name=\$2 email=\$3 expires=\$4 secret=\$5\n"
          . "$code\necho \$signature\n");
    my %by = (Node => 'node', Perl => $^X, PHP => 'php', Python => 'python3',
              shell => 'sh');

    open my $fh, '-|', $by{$language}, $file, map { encode('UTF-8', $_) } @args
        or return "no $by{$language}";
    my $said = <$fh> // '';
    close $fh;

    return $said =~ s/\s+\z//r;
}


# proved

my %ada = (id => '42', name => 'Ada Löwe', email => 'ada@example.com',
           expires => $now + 3600);
my $ada = $t->visitor;
my $sent = $ada->say('hello', identity => sign($secret, %ada));

is($sent->code, 201, 'signed');
is_deeply(known($ada)->{user},
          { id => '42', name => 'Ada Löwe', email => 'ada@example.com' },
          'operators know who it is');
is(known($ada)->{name}, undef, 'nothing was only said');
unlike($sent->body, qr/ada\@example/, 'not in the answer');

is($ada->say('and', name => 'Eve', email => 'eve@example.com')->code, 201,
   'somebody says otherwise');
is(known($ada)->{name}, 'Eve', 'which is known');
is(known($ada)->{user}{name}, 'Ada Löwe', 'and proves nothing');

my $plain = $t->visitor;

$plain->say('hello', identity => sign($old, id => 'order/7'));
is_deeply(known($plain)->{user},
          { id => 'order/7', name => undef, email => undef },
          'an id alone, by the secret before, without an end');
$plain->say('more', identity => sign($secret, id => 'order/7',
                                     name => 'Grace'));
is(known($plain)->{user}{name}, 'Grace', 'the last proof counts');
is(counted('verified'), 3, 'counted');


# not proved

my $good = sign($secret, %ada);
my $eve = $t->visitor;

$eve->say('hello', name => 'Ada Löwe');

my @wrong = (
    ['another id' => { %$good, id => '43' }, 'not that of these facts'],
    ['another name' => { %$good, name => 'Eve' }, 'not that of these facts'],
    ['no name' => { map { $_ => $good->{$_} } qw(id email expires signature) },
     'not that of these facts'],
    ['another address' => { %$good, email => 'eve@example.com' },
     'not that of these facts'],
    ['a later end' => { %$good, expires => $ada{expires} + 1 },
     'not that of these facts'],
    ['another signature' => { %$good, signature => '0' x 64 },
     'not that of these facts'],
    ['another secret' => sign('somebody else knows this one', %ada),
     'not that of these facts'],
    ['name and address in one' =>
     { %{ sign($secret, id => '42', name => 'a', email => 'b@c') },
       name => 'ab@c', email => undef }, undef],
    ['an end that has come' => sign($secret, %ada, expires => $now - 1),
     'has expired'],
);

for (@wrong) {
    my ($what, $identity, $detail) = @$_;

    delete $identity->{email} if !defined $identity->{email};

    my $res = $eve->say('again', identity => $identity);

    is($res->code, 403, "$what: refused");
    is($res->json->{type}, 'urn:ngx-chat:identity', 'by its name');
    like($res->json->{detail}, qr/$detail/, 'why') if $detail;
    is(known($eve)->{user}, undef, 'nothing is proved');
}

is(counted('wrong'), 8, 'wrong ones are counted');
is(counted('expired'), 1, 'and expired ones');
is($eve->say('all the same')->code, 201, 'who is not proved may write');

for my $bad ({ id => '' }, { id => "4\n2" }, { name => "a\nb" },
             { expires => 'soon' }, { expires => 0 }, { signature => 'x' },
             { signature => 'g' x 64 })
{
    my ($field) = %$bad;
    my $res = $eve->say('bad', identity => { %$good, %$bad });

    # what has 64 letters may be a signature, of nothing
    my $code = ($bad->{signature} // '') =~ /^g/ ? 403 : 422;

    is($res->code, $code, "$field is checked");
    is($res->json->{field}, "identity.$field", 'and named') if $code == 422;
}

is($eve->request(POST => '/plain/api/v1/visitor/messages', unjudged => 1,
                 json => { client_id => 'plain-one', text => 'hello',
                           identity => $good })->json->{detail},
   'this chat has no chat_identity_secret', 'a chat without a secret');
is(counted('unknown'), 1, 'is counted');

my $log = $t->log;

like($log, qr/chat refused a signed identity: wrong/, 'a line in the log');
unlike($log, qr/Ada|ada\@|$secret|$good->{signature}/, 'that names nobody');


# the same person elsewhere

my $phone = $t->visitor;

$phone->say('from my phone', identity => sign($secret, %ada));
is_deeply(earlier($phone), [ $ada->conversation ],
          'operators see the earlier conversations of who is proved');
is_deeply(earlier($eve), [], 'of who only says so there are none');
is($phone->history->json->{events}[-1]{data}{text}, 'from my phone',
   'the visitor sees');
is(scalar(grep { $_->{type} eq 'message' }
          @{ $phone->history->json->{events} }), 1, 'the own browser only');

my $first = $ada->conversation;

$ada->close;
$ada->say('once more');
is_deeply(earlier($ada), [ $phone->conversation, $first ],
          'one\'s own as well, newest first');


# on the list of who is here: at once, of whoever has no cookie yet, too

my $here = Chat::Visitor->new(chat => $t);
my $signed = sign($secret, id => 'here', name => 'Here');

sub here { map { $_->{user}{name} // 'nobody' }
               grep { ($_->{page} // '') =~ m{^/here} }
               visits_live($operator) }

sub claim ($who, $identity) {
    return $who->post('visitor/identity', { identity => $identity })->code;
}

is(claim($here, $signed), 204, 'who is on no list');
is_deeply([here()], [], 'comes on none by that');

$here->request(GET => '/here', unjudged => 1);
ok(wait_for(sub { "@{[ here() ]}" eq 'nobody' }), 'somebody is here');

is(claim($here, { %$signed, name => 'Eve' }), 403, 'what is not signed');
is(claim($here, sign($secret, id => 'here', expires => $now - 1)), 403,
   'or not any more');
is($here->post('visitor/identity', {})->code, 422, 'or nothing at all');
is_deeply([here()], ['nobody'], 'proves nothing');

is(claim($here, $signed), 204, 'signed');
is_deeply([here()], ['Here'], 'the list knows who it is');

$here->open;
is_deeply([here()], ['nobody'],
          'others may have this address and browser: it begins without');
is(claim($here, $signed), 204, 'told again');
is_deeply([here()], ['Here'], 'by whom the cookie knows');

my $next = $t->visitor;

$next->request(GET => '/here/too', unjudged => 1);
ok(wait_for(sub { here() == 2 }), 'somebody else comes');
$next->say('hello', identity => sign($secret, id => 'next', name => 'Next'));

is_deeply([sort { $a cmp $b } here()], ['Here', 'Next'], 'or with a message');

$t->stop;
$t->start;
is(known($ada)->{user}{id}, '42', 'it is stored');

$t->done;
