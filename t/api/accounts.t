#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# What administrators do to accounts: create, rename, promote, disable; and
# what they can't: have two of one login, or nobody left who could undo it.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;

my $admin = $t->admin;

my %account = (
    login => 'lea', name => 'Léa 😀', role => 'agent',
    password => 'a long enough password',
);

my $res = $admin->post('admin/operators', \%account);

is($res->code, 201, 'created');

my $lea = $res->json->{operator};

is($lea->{name}, 'Léa 😀', 'with a name');
is($lea->{role}, 'agent', 'and a role');
is($lea->{status}, 'offline', 'not taking anybody yet');
ok(!$lea->{disabled}, 'enabled');
unlike($res->body, qr/argon|long enough/, 'no password in the answer');

my $taken = $admin->post('admin/operators', { %account, name => 'Another' });

is($taken->code, 409, 'the login is taken');
is($taken->json->{type}, 'urn:ngx-chat:login-taken', 'and says so');

my @both = $admin->all(map {
    $admin->post_p('admin/operators', { %account, login => 'twice' });
} 1 .. 2);

is_deeply([sort map { $_->code } @both], [201, 409], 'one of two at once');

for my $case (
    [login => ''], [login => 'x' x 65], [login => 'Lé'], [login => 'a b'],
    [login => "a\n"], [name => ''], [name => "\t"], [name => ' '],
    [name => 'x' x 101], [name => "a\x{2028}b"], [role => 'owner'],
    [role => ''], [role => 'Admin'], [role => 2], [password => 'too short'],
) {
    my ($field, $value) = @$case;
    my $wrong = $admin->post('admin/operators',
        { %account, login => 'wrong', $field => $value });

    is($wrong->code, 422, "a wrong field: $field");
    is($wrong->json->{field}, $field, 'which is named');
}

is($admin->post('admin/operators', {
       %account, login => 'a.B_c@d+e-' . 'x' x 54, name => 'x' x 100,
       role => 'supervisor', password => 'x' x 200,
   })->code, 201, 'all that is allowed');

# changes, each for itself

my $path = "admin/operators/$lea->{id}";

for my $change ({ name => 'Lea B.' }, { role => 'supervisor' },
                { disabled => Mojo::JSON::true },
                { disabled => Mojo::JSON::false }, {})
{
    $res = $admin->patch($path, $change);

    is($res->code, 200, join ' ', 'changed:', %$change);

    $lea = { %$lea, %$change };
    is_deeply($res->json->{operator}, $lea, 'that, and nothing else');
}

is_deeply([map { $_->{detail} }
           $t->rows('SELECT detail FROM audit WHERE action = ? ORDER BY id',
                    'operator.update')],
          ['renamed', 'role agent to supervisor', 'disabled', 'enabled', ''],
          'the audit says what was');

is($admin->patch($path, { role => 'admin', disabled => \1, name => 'Léa' })
     ->code, 200, 'all at once');
is(($t->rows('SELECT detail FROM audit ORDER BY id DESC LIMIT 1'))[0]{detail},
   'role supervisor to admin, disabled, renamed', 'and that, too');
is($admin->patch($path, $lea)->code, 200, 'and back');

is($admin->patch($path, { id => 99, login => 'other', created_at => 1,
                          password => 'x' })->json->{operator}{login}, 'lea',
   'what is no field of a change is ignored');

is($admin->patch('admin/operators/9999', { name => 'Nobody' })->code, 404,
   'no such account');

for my $case ([name => ''], [role => 'owner'], [disabled => 'yes'],
              [disabled => 1], [disabled => undef])
{
    my ($field, $value) = @$case;

    is($admin->patch($path, { $field => $value })->code, 422,
       "a wrong change: $field");
}

# a new name is what others see from then on

my $agent = $t->operator;
my $visitor = $t->visitor;

$visitor->say('hello');
$admin->patch('admin/operators/' . $agent->id, { name => 'Zoë' });

is($agent->say($visitor->conversation, 'hi')->json->{event}{author}{name},
   'Zoë', 'a new name');

# lists

my @all = map { $_->{login} }
          @{ $admin->get('admin/operators')->json->{operators} };

is(scalar @all, 5, 'all accounts');

$admin->patch($path, { disabled => \1 });

is(scalar @{ $admin->get('admin/operators')->json->{operators} }, 5,
   'disabled ones, too');
is_deeply([grep { $_->{login} eq 'lea' }
           @{ $agent->get('operator/operators')->json->{operators} }], [],
          'which colleagues do not see');

my @names = map { $_->{name} }
            @{ $admin->get('admin/operators')->json->{operators} };

is_deeply(\@names, [sort @names], 'by name');

# the last administrator

my $self = 'admin/operators/' . $admin->id;

for my $change ({ disabled => \1 }, { role => 'agent' },
                { role => 'supervisor', disabled => \1 })
{
    my $last = $admin->patch($self, $change);

    is($last->code, 409, 'not the last administrator');
    is($last->json->{type}, 'urn:ngx-chat:last-admin', 'and says so');
}

is($admin->patch($self, { name => 'Ada L.' })->code, 200,
   'who may have another name');

my $second = $t->operator(role => 'admin');

# a disabled administrator is none

$admin->patch('admin/operators/' . $second->id, { disabled => \1 });

is($admin->patch($self, { role => 'agent' })->code, 409,
   'a disabled one does not count');

$admin->patch('admin/operators/' . $second->id, { disabled => \0 });
$second->log_in;

# of two who throw each other out in the same moment one stays

my @out = $admin->all(
    $admin->request_p(PATCH => 'admin/operators/' . $second->id,
                      json => { disabled => \1 }),
    $second->request_p(PATCH => $self, json => { disabled => \1 }),
);

is(scalar(grep { $_->code == 200 } @out), 1, 'one of two is out');
is(scalar($t->rows('SELECT 1 FROM operator WHERE role = 3 AND disabled = 0')),
   1, 'one stays');

$t->done;
