#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The form before a chat: who has not filled it in can't begin a conversation,
# whatever program asks; what is known is not asked; operators see the answers.

use lib 't/lib';
use Chat;

use Digest::SHA qw(hmac_sha256_hex);

my $secret = 'a secret of the site for forms';

my $t = Chat->new->config(<<"CONF")->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_identity_secret "$secret";

    server {
        listen 127.0.0.1:%%PORT%%;
        location /chat/ { chat; }
        location /strict/ { chat; chat_first_links 1; }
    }
}
CONF

my $admin = $t->admin;

sub known ($visitor) {
    my $path = 'operator/conversations/' . $visitor->conversation;

    return $admin->get($path)->json->{conversation}{visitor};
}


sub fill ($visitor, %answers) {
    return $visitor->post('visitor/form', { answers => [
        map { { name => $_, value => $answers{$_} } } sort keys %answers ] });
}


sub counted () {
    return $t->browser->request(GET => '/chat/metrics', unjudged => 1)->body
        =~ /^ngx_chat_braked_total\{brake="form"\} (\d+)$/m ? $1 : undef;
}


my %form = (
    ask => 'always', link => '/privacy.html',
    texts => { en => { intro => 'Before we begin', privacy => 'Kept for us' },
               fr => { intro => 'Avant de commencer' } },
    fields => [
        { name => 'who', type => 'name', required => \1 },
        { name => 'mail', type => 'email', required => \1,
          labels => { en => 'Mail' } },
        { name => 'phone', type => 'phone' },
        { name => 'order', type => 'line', labels => { fr => 'Commande' } },
        { name => 'story', type => 'text', labels => { en => 'Story' } },
        { name => 'about', type => 'choice', required => \1,
          labels => { en => 'About', de => 'Thema' },
          choices => [ 'An order', 'Something "else"' ] },
    ],
);


# set

my $none = $admin->get('admin/form')->json->{form};

is($none->{ask}, 'never', 'nothing is asked');
is_deeply($none->{fields}, [], 'there are no fields');
is($t->visitor->session->{form}, undef, 'visitors see none');
is($t->operator(role => 'supervisor')->put('admin/form', {})->code, 403,
   'administrators only');

my $before = $t->visitor;

$before->say('from before');

is($admin->put('admin/form', \%form)->code, 200, 'set');
is($admin->get('admin/form')->json->{form}{fields}[5]{choices}[1],
   'Something "else"', 'and kept');

for my $bad (
    [link => { link => 'javascript:alert(1)' }],
    ['fields.0.type' => { fields => [ { name => 'a', type => 'x' } ] }],
    ['fields.0.name' => { fields => [ { name => '', type => 'name' } ] }],
    ['fields.0' => { fields => [ 5 ] }],
    ['fields.1.name' => { fields => [ { name => 'a', type => 'name' },
                                      { name => 'a', type => 'email' } ] }],
    ['fields.1.type' => { fields => [ { name => 'a', type => 'name' },
                                      { name => 'b', type => 'name' } ] }],
    ['fields.0.labels' => { fields => [ { name => 'a', type => 'line' } ] }],
    ['fields.0.labels.en' => { fields => [ { name => 'a', type => 'line',
                                     labels => { en => 'x' x 81 } } ] }],
    map({ ['fields.0.choices' => { fields => [
              { name => 'a', type => 'choice', labels => { en => 'A' },
                choices => $_ } ] }] }
        [], ['one'], ['one', ' '], ['one', 5], ['one', 'x' x 101],
        [ ('x') x 21 ]),
    [fields => { fields => [ map { { name => "n$_", type => 'line',
                                     labels => { en => $_ } } } 1 .. 9 ] }],
    ['texts.en.intro' => { texts => { en => { intro => 'x' x 501 } } }],
    [ask => { ask => 'sometimes' }],
) {
    my ($field, $body) = @$bad;
    my $res = $admin->put('admin/form', $body);

    is($res->code, 422, "$field is checked");
    is($res->json->{field}, $field, 'and named');
}

is($admin->get('admin/form')->json->{form}{ask}, 'always', 'unharmed');


# asked

my $ada = $t->visitor(locale => 'x');
my $asked = $ada->open(locale => 'en')->session->{form};

is($asked->{ask}, 'always', 'asked');
is($asked->{intro}, 'Before we begin', 'with words');
is($asked->{privacy}, 'Kept for us', 'and what becomes of it');
is($asked->{link}, '/privacy.html', 'and where that is written');
is_deeply([ map { $_->{label} } @{ $asked->{fields} } ],
          [ '', 'Mail', '', 'Commande', 'Story', 'About' ], 'labels');
is_deeply($asked->{fields}[5]{choices}, [ 'An order', 'Something "else"' ],
          'choices');

my $german = $t->visitor->open(locale => 'de-AT')->session->{form};

is($german->{fields}[5]{label}, 'Thema', 'in the language');
is($german->{intro}, 'Before we begin', 'as far as it was said in it');

my $said = $ada->say('let me in');

is($said->code, 409, 'no conversation without it');
is($said->json->{type}, 'urn:ngx-chat:form', 'by its name');
is(counted(), 1, 'counted');
like($t->log, qr/chat braked a message: form,/, 'logged');
is(scalar(() = $t->rows('SELECT id FROM visitor')), 1,
   'and nothing is stored');


# filled in

my %good = (who => 'Ada', mail => 'ada@example.com', phone => '+33 (0)4 72',
            order => '', story => "one\ntwo", about => 'Something "else"');

for my $bad ({ who => '' }, { who => "a\nb" }, { who => 'x' x 101 },
             { mail => ' ' }, { mail => 'ada' }, { mail => 'a@b@c' },
             { mail => 'a b@c' }, { mail => '@c' }, { phone => 'call me' },
             { phone => '12' }, { order => 'x' x 201 },
             { story => 'x' x 1001 }, { about => 'else' }, { about => '' },
             { more => 'x' })
{
    my ($field) = %$bad;
    my $res = fill($ada, %good, %$bad);

    is($res->code, 422, "$field is checked");
    is($res->json->{field}, "answers.$field", 'and named');
}

is($ada->post('visitor/form', { answers => [ { name => 'who', value => 'a' },
       { name => 'who', value => 'b' } ] })->json->{detail},
   'stands twice', 'no answer twice');
is($ada->post('visitor/form', { answers => [ 5 ] })->code, 422, 'no numbers');
is($ada->say('let me in')->code, 409, 'none of these lets in');

is(fill($ada, %good)->code, 204, 'filled in');
is(fill($ada, %good, who => 'Eve')->code, 204, 'again is no matter');
is($ada->open->session->{form}, undef, 'and not asked again');

my $in = $ada->say('hello');

is($in->code, 201, 'in');
unlike($in->body, qr/ada\@|else/, 'visitors do not see it');

my $visitor = known($ada);

is($visitor->{name}, 'Ada', 'the name, of the first time');
is($visitor->{email}, 'ada@example.com', 'the address');
is($visitor->{user}, undef, 'which proves nothing');
is_deeply($visitor->{form},
          [ { type => 'phone', label => '', value => '+33 (0)4 72' },
            { type => 'text', label => 'Story', value => "one\ntwo" },
            { type => 'choice', label => 'About',
              value => 'Something "else"' } ], 'and the rest');

$ada->close;
is($ada->say('again')->code, 201, 'once is enough');


# who was in a conversation may end it, and not begin another

is($before->say('still here')->code, 201, 'one that is open goes on');
$before->close;
is($before->say('another')->code, 409, 'the next one is asked');


# what is known is not asked

my @small = (ask => 'always', fields => [ @{ $form{fields} }[0 .. 2] ]);

$admin->put('admin/form', { @small });

my $proved = $t->visitor;
my %claim = (id => '7', name => 'Grace', email => 'grace@example.com');
my $identity = { %claim, signature => hmac_sha256_hex(
    join("\n", 'chat-identity', @claim{qw(id name email)}, ''), $secret) };

is($proved->say('hello', identity => { %$identity, id => '8' })->code, 403,
   'a wrong signature');
is($proved->say('hello', identity => $identity)->code, 201,
   'who is proved is not asked');
is($t->visitor->say('hello', name => 'Eve', email => 'eve@example.com')->code,
   201, 'nor who says the same as the form would');
is($t->visitor->say('hello', name => 'Eve')->code, 409, 'a half is not all');

my $half = $t->visitor;

$admin->put('admin/form', {});
$half->say('hello', name => 'Half');
$half->close;
$admin->put('admin/form', { @small });
is_deeply([ map { $_->{name} } @{ $half->open->session->{form}{fields} } ],
          [ 'mail', 'phone' ], 'what is known is not in it');
is(fill($half, mail => 'half@example.com')->code, 204, 'nor missed');
is($half->say('hello')->code, 201, 'and in');
is(known($half)->{name}, 'Half', 'known still');
is_deeply(known($half)->{form}, [], 'nothing else was said');


# while nobody is there

$admin->put('admin/form', { %form, ask => 'away' });

my $late = $t->visitor;

is($late->open->session->{form}{ask}, 'away', 'visitors know of it');
is($late->say('anyone?')->code, 409, 'nobody is: the form is asked');

my $there = $admin->stream;

$admin->presence('online');
is($t->visitor->say('hello')->code, 201, 'somebody is: it is not');
$admin->presence('offline');
is(fill($late, %good)->code, 204, 'filled in');
is($late->say('anyone?')->code, 201, 'the message is taken');


# in place of a brake

$admin->put('admin/form', { %form, ask => 'doubt' });

is($t->visitor->say('see http://a http://b')->code, 201, 'nobody is in doubt');

sub strictly ($visitor, $text) {
    return $visitor->request(
        POST => '/strict/api/v1/visitor/messages', unjudged => 1,
        json => { client_id => $visitor->client_id, text => $text });
}

my $doubt = $t->visitor;

is($doubt->session->{form}{ask}, 'doubt', 'visitors know of it');
is(strictly($t->visitor, 'no link')->code, 201, 'and are not asked');

my $links = strictly($doubt, 'http://a http://b');

is($links->code, 409, 'links are');
is($links->json->{type}, 'urn:ngx-chat:form', 'for a form');
is(fill($doubt, %good)->code, 204, 'filled in');
is(strictly($doubt, 'http://a http://b')->code, 201, 'they may stand there');

$admin->put('admin/form', { %form, ask => 'always' });

my $spam = $t->visitor;

is(fill($spam, %good)->code, 204, 'who fills in what all must');
is(strictly($spam, 'http://a http://b')->code, 429, 'is held as before');
is(strictly($spam, 'no link')->code, 201, 'and may write');

# a ghost fills it in like others, and nobody reads it

my $ghost = $t->visitor;

$admin->put('admin/form', {});
$ghost->say('a troll', name => 'Troll');
$admin->post('operator/blocks', { conversation => $ghost->conversation,
                                  mode => 'ghost' });
my $seen = $ghost->conversation;
$ghost->close;
$admin->put('admin/form', { %form, ask => 'always' });
is($ghost->say('again')->code, 409, 'a ghost is asked');
is(fill($ghost, %good, who => 'Buy now')->code, 204, 'fills it in');
is($ghost->say('again')->code, 201, 'and goes on');
is($ghost->open->session->{form}, undef, 'and is not asked again');
$ghost->{conversation} = $seen;
is_deeply([ @{ known($ghost) }{qw(name form)} ], [ 'Troll', [] ],
          'the team reads nothing of it');

$t->stop;
$t->start;
is($t->visitor->say('hello')->code, 409, 'the form is stored');
is_deeply(known($ada)->{form}[0]{value}, '+33 (0)4 72', 'and the answers');

$admin->put('admin/form', {});
is($t->visitor->say('hello')->code, 201, 'without it all is as it was');
is($ada->post('visitor/form', { answers => [] })->code, 204,
   'and to fill in nothing is no mistake');

$t->done;
